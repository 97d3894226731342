"""What people do at the desk, done as they do it: by label, button and key."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_in_browser import DESKTOP, PHONE, Watched, assert_whole, served, watched
from playwright.sync_api import Browser, Page, expect

import onrecord


@pytest.fixture(scope="module")
def home(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(Path(shutil.copy(demo, tmp_path_factory.mktemp("changed") / "news.db"))) as address:
        yield address


@pytest.fixture(scope="module")
def desktop(browser: Browser, home: str) -> Iterator[Watched]:
    with watched(browser, home, DESKTOP) as made:
        yield made


@pytest.fixture
def at(desktop: Watched) -> Iterator[Watched]:
    """A page on which nothing goes wrong while a test lasts."""
    desktop.wrong.clear()
    yield desktop
    assert desktop.wrong == []


def _says(page: Page, words: str) -> None:
    expect(page.get_by_role("status").filter(has_text=words).first).to_be_visible()


def _statement(at: Watched, words: str) -> str:
    """The page of an article, with a statement's card open; its id."""
    found = at.page.request.get(f"{at.home}/api/search", params={"q": words}).json()["statements"][0]["id"]
    at.open(f"/statements/{found}")
    return str(found)


def _card(at: Watched, id_: str) -> object:
    return at.page.locator(f'[id="{id_}"]')


# Searching ----------------------------------------------------------------------------------------------------------------------------------


def test_a_search_is_made_from_any_page_by_the_slash_key(at: Watched) -> None:
    at.open("/issues")
    at.page.keyboard.press("/")
    at.page.keyboard.type("ambush")
    at.page.keyboard.press("Enter")
    at.page.wait_for_url("**/search?q=ambush")
    expect(at.page.locator("section[aria-labelledby=found] mark").first).to_have_text(re.compile("ambush", re.IGNORECASE))


def test_a_search_is_narrowed_and_widened(at: Watched) -> None:
    at.open("/search?q=ceasefire")
    at.page.get_by_label("Who spoke").fill("Ludmila Sorev")
    at.page.locator("#filters").get_by_label("direct", exact=True).check()
    at.page.locator("#filters").get_by_role("button", name="Search", exact=True).click()
    at.page.wait_for_url("**actor=Ludmila*")
    narrowed = at.page.get_by_role("list", name="What narrows this search")
    expect(narrowed.get_by_role("link")).to_have_count(3)
    narrowed.get_by_role("link").first.click()
    expect(narrowed.get_by_role("link")).to_have_count(2)


@pytest.mark.parametrize("by", ["mouse", "keys"])
def test_days_are_brushed(at: Watched, by: str) -> None:
    at.open("/search?q=")
    chart = at.page.locator("svg.bars")
    if by == "mouse":
        chart.scroll_into_view_if_needed()
        box = chart.bounding_box()
        assert box
        at.page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] / 2)
        at.page.mouse.down()
        at.page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] / 2, steps=5)
        at.page.mouse.up()
    else:
        chart.locator("a").last.focus()
        for key in ("Shift+ArrowLeft", "Shift+ArrowLeft", "Enter"):
            at.page.keyboard.press(key)
    at.page.wait_for_url(re.compile(r"since=\d{4}.*until=\d{4}"))
    expect(at.page.locator("#since")).to_have_value(re.compile(r"2026"))


def test_a_search_is_kept_renamed_and_kept_no_more(at: Watched) -> None:
    at.open("/search?q=trawlermen")
    at.page.get_by_label("Name", exact=True).fill("The forty-seven")
    at.page.get_by_role("button", name="Keep this search").click()
    _says(at.page, "The search is kept")
    at.open("/searches")
    at.page.get_by_text("Rename or remove The forty-seven").click()
    kept = at.page.get_by_role("article", name="The forty-seven")
    kept.get_by_label("Name").fill("The crews")
    kept.get_by_role("button", name="Rename").click()
    at.page.get_by_text("Rename or remove The crews").click()
    at.page.get_by_role("button", name="Keep The crews no more").click()
    _says(at.page, "The search is kept no more")


# Judging ------------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("button", "says", "tag"), [("Confirm", "The statement is confirmed", "confirmed"), ("Reject", "The statement is rejected", "rejected")]
)
def test_a_statement_is_confirmed_or_rejected_and_that_taken_back(at: Watched, button: str, says: str, tag: str) -> None:
    card = _card(at, _statement(at, "umbrella"))
    card.get_by_role("button", name=button).click()
    _says(at.page, says)
    expect(card.locator("summary .tag")).to_have_text(tag)
    card.get_by_role("button", name="Take back").click()
    _says(at.page, "Taken back")
    expect(card.get_by_role("button", name="Restore").first).to_be_visible()
    expect(card.locator("summary .tag")).to_have_count(0)


def test_a_statement_is_confirmed_by_key(at: Watched) -> None:
    card = _card(at, _statement(at, "regatta"))
    at.page.keyboard.press("c")
    _says(at.page, "The statement is confirmed")
    expect(card.locator("summary .tag")).to_have_text("confirmed")


def test_somebody_else_spoke(at: Watched) -> None:
    card = _card(at, _statement(at, "pencil"))
    card.get_by_label("Who spoke").fill("Piotr Halloran")
    card.get_by_role("button", name="Set the speaker").click()
    _says(at.page, "Another speaker is set")
    expect(card.locator("summary .who")).to_have_text("Piotr Halloran")
    card.get_by_role("button", name="Take back").click()
    expect(card.locator("summary .who")).not_to_have_text("Piotr Halloran")


def test_kind_and_day_are_corrected(at: Watched) -> None:
    card = _card(at, _statement(at, '"Coal for quiet"'))
    card.get_by_label("Kind").select_option("indirect")
    card.get_by_label(re.compile("^Said on")).fill("2026-02-22")
    card.get_by_role("button", name="Correct it").click()
    _says(at.page, "The statement is corrected")
    expect(card.get_by_text("22 February 2026").first).to_be_visible()
    expect(card.get_by_text("The reader has: direct")).to_be_visible()
    card.get_by_role("button", name="Take back").click()
    expect(card.get_by_text("The reader has: direct")).to_have_count(0)


def test_words_are_corrected_by_selecting_them(at: Watched) -> None:
    card = _card(at, _statement(at, '"soup is thin"'))
    before = card.get_by_label("What was said").input_value()
    at.page.evaluate(
        """() => {
        const bit = [...document.querySelectorAll('#words [data-at]')].find(b => b.textContent.includes('soup is thin'));
        const node = document.createTreeWalker(bit, NodeFilter.SHOW_TEXT).nextNode();
        const at = node.data.indexOf('soup is thin');
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + 'soup is thin'.length);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
    }"""
    )
    card.get_by_role("button", name="Take the selected words as the content").click()
    expect(card.get_by_label("What was said")).to_have_value(re.compile(r"^\d+:\d+$"))
    card.get_by_role("button", name="Correct it").click()
    _says(at.page, "The statement is corrected")
    expect(card.locator("summary .short")).to_contain_text("soup is thin")
    expect(card.get_by_label("What was said")).not_to_have_value(before)


def test_a_stance_is_coded_beside_the_article(at: Watched) -> None:
    card = _card(at, _statement(at, '"Coal for quiet"'))
    card.get_by_label("Issue").select_option("coal-passage")
    card.get_by_label("Stance").select_option("conditional")
    card.get_by_role("button", name="Code it").click()
    _says(at.page, "Coded")
    expect(card.get_by_role("region", name=re.compile("^History"))).to_contain_text("coal-passage, conditional")


# Actors -------------------------------------------------------------------------------------------------------------------------------------


def test_two_actors_become_one_and_two_again(at: Watched) -> None:
    at.open("/actors?q=Una")
    at.page.locator("main").get_by_role("link", name="Una Marl").first.click()
    at.page.get_by_role("link", name="Merge with another actor").click()
    at.page.get_by_label("With whom").fill("Gareth Pell")
    at.page.get_by_role("button", name="Compare").click()
    at.page.get_by_role("button", name="They are one: Una Marl").click()
    _says(at.page, "They are one now")
    at.page.get_by_role("link", name=re.compile("^Split")).click()
    at.page.get_by_role("button", name=re.compile("is somebody else$")).click()
    _says(at.page, "They are two now")


def test_a_merger_is_taken_back(at: Watched) -> None:
    at.open("/actors?q=Haldane")
    at.page.locator("main").get_by_role("link", name="Wanjiru Haldane").first.click()
    at.page.get_by_role("link", name="Merge with another actor").click()
    at.page.get_by_label("With whom").fill("Priya Nandakumar")
    at.page.get_by_role("button", name="Compare").click()
    at.page.get_by_role("button", name=re.compile("^They are one")).click()
    at.page.get_by_role("button", name=re.compile("^Take back")).first.click()
    _says(at.page, "Taken back")


# Issues -------------------------------------------------------------------------------------------------------------------------------------


def test_an_issue_is_followed_edited_examined_retired_and_followed_again(at: Watched) -> None:
    at.open("/issues")
    at.page.get_by_role("link", name="Follow another issue").click()
    at.page.get_by_label("What it is, in a few words").fill("A closed season for silverfin")
    at.page.get_by_label(re.compile("^Short name")).fill("closed-season")
    at.page.get_by_role("button", name="Follow it").click()
    _says(at.page, "The issue is followed")
    at.page.get_by_role("link", name="Say it in other words").click()
    at.page.get_by_label("Being for it means").fill("closing the grounds in May")
    at.page.get_by_role("button", name="Say it so").click()
    _says(at.page, "The issue has another version")
    at.page.get_by_role("button", name="Follow it no more").click()
    _says(at.page, "The issue is followed no more")
    at.page.get_by_role("button", name="Follow it again").click()
    expect(at.page.get_by_role("button", name="Follow it no more")).to_be_visible()


def test_a_cell_of_the_matrix_opens_into_its_words(at: Watched) -> None:
    at.open("/issues")
    at.page.get_by_role("link", name=re.compile("60-day ceasefire")).first.click()
    expect(at.page.get_by_role("heading", level=1)).to_contain_text("60-day ceasefire")
    at.page.locator("a[href*='/positions/']").first.click()
    expect(at.page.locator("blockquote, .statement, mark").first).to_be_visible()


# Coding -------------------------------------------------------------------------------------------------------------------------------------


def test_coding_goes_by_keys_and_back(at: Watched) -> None:
    at.open("/review")
    form = at.page.get_by_role("form", name="Code 60-day ceasefire in the Strait of Merrow")
    form.get_by_label("Order").select_option("newest first")
    form.get_by_role("button", name="Code").click()
    at.page.wait_for_url("**/review/truce-60d?**")
    at.page.wait_for_load_state("networkidle")
    first = at.page.locator("input[name=statement]").get_attribute("value")
    at.page.keyboard.press("s")
    _says(at.page, "Coded")
    assert at.page.locator("input[name=statement]").get_attribute("value") != first
    # The words are there before the script that hears keys.
    at.page.wait_for_load_state("networkidle")
    at.page.keyboard.press("b")
    _says(at.page, "Taken back")
    assert at.page.locator("input[name=statement]").get_attribute("value") == first
    at.page.wait_for_load_state("networkidle")
    at.page.keyboard.press("-")
    expect(at.page.locator("input[name=statement]")).not_to_have_value(first or "")


def test_blind_coding_shows_what_nobody_else_says(at: Watched) -> None:
    at.open("/review")
    form = at.page.get_by_role("form", name="Code 60-day ceasefire in the Strait of Merrow")
    form.get_by_label("Blind: hide what the machine and others say").check()
    form.get_by_label("The same statements as").select_option(value="otto")
    form.get_by_role("button", name="Code").click()
    expect(at.page.get_by_text("Blind: what the machine and others say is hidden.")).to_be_visible()
    expect(at.page.get_by_role("button", name="Accept")).to_have_count(0)
    assert "The machine:" not in at.page.locator("main").inner_text()


# Adding and letting in ----------------------------------------------------------------------------------------------------------------------


def test_a_text_is_pasted_and_read(at: Watched) -> None:
    at.open("/add")
    text = at.page.get_by_role("region", name="The text of an article")
    text.get_by_label("Text, with the headline in the first line").fill(
        "Lamps go out at Port Sennen\n\n“We put the lamps out ourselves,” said Bridie Coyle on Sunday.\n"
    )
    text.get_by_label("Outlet").fill("The Port Sennen Post")
    text.get_by_role("button", name="Read this text").click()
    expect(at.page.get_by_role("status").filter(has_text=re.compile("^Done"))).to_be_visible(timeout=60_000)
    at.open("/search?q=lamps+ourselves")
    expect(at.page.get_by_text("We put the").first).to_be_visible()


def test_an_address_inside_the_network_is_refused(at: Watched) -> None:
    at.open("/add")
    page = at.page.get_by_role("region", name="An article at an address")
    page.get_by_label("Address of the page").fill("http://127.0.0.1:9/secret")
    page.get_by_role("button", name="Read this page").click()
    expect(at.page.get_by_text("Not done:").first).to_be_visible(timeout=60_000)


def test_a_token_lets_in_and_out(browser: Browser, demo: Path, tmp_path: Path) -> None:
    ledger = Path(shutil.copy(demo, tmp_path / "news.db"))
    with onrecord.open(ledger) as desk:
        token, _ = desk.ledger.give_token("mira", "admin", by="test")
    with served(ledger, "--tokens") as home, watched(browser, home, PHONE) as phone:
        assert_whole(phone, "/login")
        phone.page.get_by_label("Token").fill("not-a-token")
        phone.page.get_by_role("button", name="Sign in").click()
        expect(phone.page.get_by_text("This token opens nothing.")).to_be_visible()
        assert [w for w in phone.wrong if "403" not in w] == []
        phone.wrong.clear()
        phone.page.get_by_label("Token").fill(token)
        phone.page.get_by_role("button", name="Sign in").click()
        expect(phone.page.get_by_role("heading", level=1)).not_to_have_text("Sign in")
        phone.page.get_by_role("link", name="Leave").click()
        phone.page.get_by_role("button", name="Leave").click()
        expect(phone.page.get_by_role("heading", level=1)).to_have_text("Sign in")
        assert phone.wrong == []
