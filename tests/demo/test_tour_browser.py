from requests import Response

from demo.browser import Browser, Page

TWO = b"""<html><body>
<form method="post" action="/o/token"><button name="now" value="wished">Yes</button></form>
<form method="post" action="/o/token"><input type="radio" name="answer" value="wished" checked></form>
</body></html>"""


def test_of_two_forms_that_go_to_one_place_the_one_with_the_field_is_taken() -> None:
    answer = Response()
    answer.status_code, answer.url, answer._content = 200, "http://broker.test/o/token", TWO
    page = Page(Browser("http://broker.test"), answer)
    assert page.form("/o/").chosen == {}
    assert page.form("/o/", "answer").chosen == {"answer": "wished"}
