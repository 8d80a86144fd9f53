"""Knowledge distillation: teachers and soft labels."""
