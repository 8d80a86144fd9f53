import threading

import pytest
import streamlit as st

from ui.server import resources
from ui.server.singleton import Singleton


def test_all_threads_and_streamlits_forgetting_leave_one():
    made = []
    one = Singleton(lambda: made.append(1) or object())
    found = []
    threads = [threading.Thread(target=lambda: found.append(one())) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    st.cache_resource.clear()
    assert {id(each) for each in [*found, one()]} == {id(one())}
    assert made == [1]


def test_what_fails_is_tried_again():
    answers = [OSError, None]

    @Singleton
    def one():
        if problem := answers.pop(0):
            raise problem
        return "made"

    with pytest.raises(OSError):
        one()
    assert one() == "made"


def test_the_store_of_the_process_outlives_its_caches(visit, project_run):
    visit("train")
    store, threads = resources.store(), threading.active_count()
    for _ in range(3):
        st.cache_resource.clear()
        visit("train")
    assert resources.store() is store
    assert threading.active_count() <= threads + 1
