from pipeline.cluster.profile_environment import profile_environment
from pipeline.records import Profile


def test_profiles_that_differ_in_anything_have_different_environments() -> None:
    profiles = [Profile(), Profile(logical_devices=2), Profile(deterministic=False), Profile(frontend="tf_keras")]

    assert len({tuple(profile_environment(p).items()) for p in profiles}) == len(profiles)


def test_equal_profiles_have_equal_environments() -> None:
    assert profile_environment(Profile(threads=3)) == profile_environment(Profile(threads=3))


def test_threads_are_those_of_the_profile() -> None:
    environment = profile_environment(Profile(threads=3))

    assert {environment[f"{name}_THREADS"] for name in ("TF_NUM_INTRAOP", "TF_NUM_INTEROP", "OMP_NUM")} == {"3"}


def test_flags_of_xla_are_set_only_where_the_profile_has_some() -> None:
    assert profile_environment(Profile(xla_flags="--xla_cpu_enable_fast_math"))["XLA_FLAGS"] == (
        "--xla_cpu_enable_fast_math"
    )
    assert "XLA_FLAGS" not in profile_environment(Profile())


def test_only_a_cpu_profile_hides_the_gpus() -> None:
    assert profile_environment(Profile())["CUDA_VISIBLE_DEVICES"] == "-1"
    assert "CUDA_VISIBLE_DEVICES" not in profile_environment(Profile(device="gpu"))
