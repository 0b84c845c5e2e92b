"""The same inbox and staff as in the tests of care."""

from tests.care.conftest import (  # noqa: F401
    alerts,
    code,
    conversation,
    engine,
    inbox,
    phone,
    press,
    staff,
    talk,
    turns,
)
