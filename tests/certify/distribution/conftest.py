"""Two logical devices, given to the process of the tests while they are collected: none has used TensorFlow yet."""

from pipeline.certify.distribution import set_up

set_up()
