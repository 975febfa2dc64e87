"""A layer that keeps its parts in an attribute called `_layers` loses their weights when it is loaded.

The name is Keras' own.  Nothing is raised and nothing warned of: the loaded model has the weights that it starts with.
Way out: any other name.
"""

import tempfile
import warnings

import keras
import numpy as np


@keras.saving.register_keras_serializable("findings")
class Stack(keras.layers.Layer):
    def __init__(self, attribute="parts", **kwargs):
        super().__init__(**kwargs)
        self.attribute = attribute
        setattr(self, attribute, [keras.layers.Dense(2, use_bias=False)])

    def build(self, input_shape):
        getattr(self, self.attribute)[0].build(input_shape)

    def call(self, inputs):
        return getattr(self, self.attribute)[0](inputs)

    def get_config(self):
        return {**super().get_config(), "attribute": self.attribute}


for attribute in ("parts", "_layers"):
    model = keras.Sequential([keras.Input((2,)), Stack(attribute)])
    getattr(model.layers[0], attribute)[0].set_weights([np.full((2, 2), 7.0)])
    with tempfile.NamedTemporaryFile(suffix=".keras") as file, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model.save(file.name)
        loaded = keras.models.load_model(file.name)
    told = [each for each in caught if "copy keyword" not in str(each.message)]
    kernel = np.array(getattr(loaded.layers[0], attribute)[0].kernel)
    print(f"{attribute}: saved 7, loaded {'7' if np.all(kernel == 7) else 'other values'}; warnings: {len(told)}")
