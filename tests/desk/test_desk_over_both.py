"""The same day at the desk over SQLite and over a PostgreSQL server."""


def test_a_day_at_the_desk(room_over_both, site, clock, tmp_path, article_page):
    room = room_over_both
    (tmp_path / "old.html").write_text(article_page("We never said that", by="Tomas Brandt", title="Denied"))
    assert room.desk.add(tmp_path / "old.html").statements == 1
    pages = [site.article(f"/{n}", etag=f'"{n}"') for n in range(60)]
    feed = site.feed("/feed.xml", *pages, site.at("/gone"))
    assert [f.new for f in room.follow(feed, outlet="The Pier")] == [True]
    tally = room.update()
    assert (tally.documents, tally.articles, tally.statements, len(tally.errors)) == (60, 60, 60, 1)
    clock.later(hours=1)
    site.article("/7", "We will not speak of it again", etag='"new"')
    tally = room.updated()
    assert (tally.documents, tally.revisions, tally.unchanged, len(tally.errors)) == (1, 1, 59, 1)
    assert [t.current for t in room.desk.article(site.at("/7")).texts] == [False, True]
    assert room.desk.count("speak", outlet="Pier") == 60
    assert room.rows("SELECT count(*) FROM links WHERE lease IS NOT NULL") == [(0,)]
    room.desk.unfollow(feed)
    clock.later(hours=40)
    assert room.updated(everything=True).unchanged == 0
    assert room.desk.status().links == {"done": 60, "failed": 1}
