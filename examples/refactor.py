"""A block before and after a refactoring: once as a class, once wired by the Functional API, once with a slip.

    parity compare examples/refactor.py:class_block examples/refactor.py:functional_block --inputs "int32[20]{0..999}"

B batch, T tokens, D width.  ids_BT int32 in 0..999 -> vectors_BU float32.
"""

import keras

VOCABULARY, WIDTH, UNITS = 1000, 8, 4


@keras.saving.register_keras_serializable("refactor")
class TextBlock(keras.layers.Layer):
    """The mean of the tokens' vectors, through one dense layer."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.embed = keras.layers.Embedding(VOCABULARY, WIDTH, name="embed")
        self.project = keras.layers.Dense(UNITS, activation="relu", name="project")

    def build(self, input_shape):
        self.embed.build(input_shape)
        self.project.build((*input_shape[:-1], WIDTH))

    def call(self, ids_BT):
        vectors_BTD = self.embed(ids_BT)
        return self.project(keras.ops.mean(vectors_BTD, axis=1))


def class_block():
    """The block as it was."""
    return TextBlock(name="block")


def functional_block():
    """The same out of stock layers."""
    ids_BT = keras.Input((20,), dtype="int32")
    vectors_BTD = keras.layers.Embedding(VOCABULARY, WIDTH, name="embed")(ids_BT)
    mean_BD = keras.layers.GlobalAveragePooling1D()(vectors_BTD)
    return keras.Model(ids_BT, keras.layers.Dense(UNITS, activation="relu", name="project")(mean_BD), name="block")


def hasty_block():
    """The same with a slip: the largest of the vectors, where the class takes their mean."""
    ids_BT = keras.Input((20,), dtype="int32")
    vectors_BTD = keras.layers.Embedding(VOCABULARY, WIDTH, name="embed")(ids_BT)
    top_BD = keras.layers.GlobalMaxPooling1D()(vectors_BTD)
    return keras.Model(ids_BT, keras.layers.Dense(UNITS, activation="relu", name="project")(top_BD), name="block")
