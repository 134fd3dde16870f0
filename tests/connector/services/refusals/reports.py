"""Requests for reports that are refused."""

from __future__ import annotations

from connector.wire import requests
from tests.connector.services.refusals.scenes import scene
from tests.kit.use_cases import Office


@scene(requests.GetReport)
async def a_report_by_what_there_is_not(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.GetReport(office.now, "colour")


@scene(requests.GetReport)
async def a_report_of_one_of_what_there_is_not(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.GetReport(office.now, only={"colour": "red"})


@scene(requests.GetReport)
async def a_report_that_ends_before_it_begins(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.GetReport(office.now, until=0)


@scene(requests.GetReport)
async def a_report_of_what_was_deleted(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.GetReport(0, until=86_400_000)
