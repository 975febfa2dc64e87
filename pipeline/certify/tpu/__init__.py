"""Level tpu: do both arms compile for a TPU, and to the same program?  Ahead of time: no TPU is attached.

The package imports nothing, so that the compiler's process starts without TensorFlow; `check` is in `level`.
"""
