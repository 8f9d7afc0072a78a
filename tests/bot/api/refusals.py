import httpx

__all__ = ["assert_problem"]


def assert_problem(response: httpx.Response, status: int, slug: str) -> None:
    """Show that a request was refused with a whole description of the problem, in the shape of RFC 9457."""
    problem = response.json()
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert problem["type"] == f"urn:wenju:problem:{slug}"
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert problem["request_id"] == response.headers["x-request-id"]
