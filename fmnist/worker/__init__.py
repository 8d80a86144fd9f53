"""The worker process: training and analysis of queued runs."""
