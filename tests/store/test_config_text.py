from pipeline.store.config_text import describe, differing_keys

OLD = "name: demo\ntraining:\n  epochs: 5\n  optimizer: adam\nseeds: [1, 2]\n"


def test_only_keys_with_another_value_are_named() -> None:
    assert differing_keys(OLD, OLD.replace("epochs: 5", "epochs: 6").replace("2]", "3]")) == (
        "seeds",
        "training.epochs",
    )


def test_added_and_removed_keys_are_named() -> None:
    assert differing_keys("a: 1\nb: null\n", "a: 1\nc: 2\n") == ("b", "c")


def test_order_and_layout_do_not_count() -> None:
    assert differing_keys("a: 1\nb: {c: 2}\n", "b:\n  c: 2\na: 1\n") == ()


def test_text_that_is_no_mapping_is_unreadable() -> None:
    assert differing_keys("a: [1", OLD) == ("(unreadable)",)
    assert differing_keys("just words", OLD) == ("(unreadable)",)


def test_long_lists_of_keys_are_cut_with_a_count() -> None:
    assert describe(tuple("abcdefgh")) == "a, b, c, d, e, f and 2 more"
