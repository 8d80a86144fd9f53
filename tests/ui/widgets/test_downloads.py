from ui.widgets.downloads import images_stem


def test_a_file_of_images_is_called_by_what_they_were_chosen_by():
    assert images_stem("train", None, None, 1) == "fashion-mnist-train-page-1"
    assert images_stem("test", 8, 3, 2) == "fashion-mnist-test-bag-seed-3-page-2"
