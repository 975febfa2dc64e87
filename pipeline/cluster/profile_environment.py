"""The environment variables that a worker of a profile starts with."""

import hashlib

import msgspec

from pipeline.records import Profile


def profile_environment(profile: Profile) -> dict[str, str]:
    """What must be set before TensorFlow and Keras are imported.

    Ray gives tasks of equal variables the same worker processes and never mixes unequal ones, so PARITY_PROFILE, which
    is different for every profile, is what keeps profiles apart.
    """
    threads = str(profile.threads)
    return {
        "PARITY_PROFILE": hashlib.sha256(msgspec.json.encode(profile)).hexdigest()[:12],
        "PARITY_FRONTEND": profile.frontend,
        "KERAS_BACKEND": "tensorflow",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_NUM_INTRAOP_THREADS": threads,
        "TF_NUM_INTEROP_THREADS": threads,
        "OMP_NUM_THREADS": threads,
        "PYTHONHASHSEED": "0",
        **({"XLA_FLAGS": profile.xla_flags} if profile.xla_flags else {}),
        **_DEVICE_VARIABLES[profile.device],
    }


# Ray shows a GPU task its own GPUs and hides none from the others.
_DEVICE_VARIABLES = {
    "cpu": {"CUDA_VISIBLE_DEVICES": "-1"},
    "gpu": {"TF_FORCE_GPU_ALLOW_GROWTH": "true"},
    "tpu": {},
}
