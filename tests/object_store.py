"""An S3 server on loopback, moto's: real requests of s3fs and botocore over HTTP, objects in this process's memory."""

import logging
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import boto3
from moto.server import ThreadedMotoServer

BUCKET = "runs"


class Store:
    """The server, which can be away for a while, and the environment that speaks to it."""

    def __init__(self) -> None:
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a line for each request
        self._server.start()
        _, self._port = self._server.get_host_and_port()

    @property
    def environment(self) -> Mapping[str, str]:
        """What a process needs to find it; the keys are of the form that Amazon gives."""
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self._port}",
            "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY",
            "AWS_DEFAULT_REGION": "us-east-1",
        }

    def client(self) -> "boto3.client":
        """botocore's own, which goes past the code under test."""
        keys = self.environment
        return boto3.client(
            "s3",
            endpoint_url=keys["AWS_ENDPOINT_URL"],
            aws_access_key_id=keys["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"],
            region_name=keys["AWS_DEFAULT_REGION"],
        )

    def stop(self) -> None:
        """No connection from here on; the objects stay."""
        self._server.stop()

    def start(self) -> None:
        """At the same port again."""
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=self._port, verbose=False)
        self._server.start()

    @contextmanager
    def asking_for_rights(self) -> Iterator[None]:
        """Whose keys it does not know is refused meanwhile: all."""
        self._ask_after("0")
        try:
            yield
        finally:
            self._ask_after("inf")

    def _ask_after(self, requests: str) -> None:
        address = f"http://127.0.0.1:{self._port}/moto-api/reset-auth"
        asked = urllib.request.Request(address, requests.encode(), {"Content-Type": "text/plain"}, method="POST")
        urllib.request.urlopen(asked).close()


@contextmanager
def object_store() -> Iterator[Store]:
    """One with a bucket, empty."""
    store = Store()
    try:
        store.client().create_bucket(Bucket=BUCKET)
        yield store
    finally:
        store.stop()
