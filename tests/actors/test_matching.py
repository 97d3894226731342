"""Names of people and organizations: which are the same. Real spelling variants are facts; the table was written before the matcher was tuned."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.actors.matching import Match, NameIndex, compare_organizations, compare_people

#: The matcher was developed on these. A question mark: `compatible`; an equals sign: `same`; a cross: `different`.
DEVELOPED = """
Volodymyr Zelensky = Volodymyr Zelenskyy
Volodymyr Zelenskiy = Volodymyr Zelens'kyi
Volodymyr Zelensky = Володимир Зеленський
Muammar Gaddafi = Muammar Qaddafi
Muammar Gadhafi = Moammar Gaddafi
Sergei Lavrov = Sergey Lavrov
Dmitry Medvedev = Dmitri Medvedev
Dmitriy Peskov = Dmitry Peskov
Yevgeny Prigozhin = Evgeny Prigozhin
Boris Yeltsin = Boris Eltsin
Mikhail Gorbachev = Mikhail Gorbatchev
Viktor Orbán = Viktor Orban
Viktor Orbán = Orbán Viktor
Xi Jinping = Jinping Xi
Kim Jong-un = Kim Jong Un
Kim Jong-un = Kim Jongun
Recep Tayyip Erdoğan = Recep Tayyip Erdogan
Gerhard Schröder = Gerhard Schroeder
Slobodan Milošević = Slobodan Milosevich
Mohammed bin Salman = Muhammad bin Salman
Saddam Hussein = Saddam Husayn
Bashar al-Assad = Bashar Al Assad
Abdel Fattah el-Sisi = Abdel Fattah al-Sisi
Abdel Fattah el-Sisi = Abdelfattah el-Sisi
Ana Reis-Lopes = Ana Lopes
Hillary Rodham Clinton = Hillary Clinton
Donald John Trump = Donald Trump
George W. Bush = George Bush
J.K. Rowling = JK Rowling
J. D. Vance = JD Vance
Bill Clinton = William Clinton
President Joe Biden = Joe Biden
Dr. Amara Vance-Oduya = Amara Vance-Oduya
John Healey MP = John Healey
UK Defence Secretary John Healey = John Healey
Kremlin aide Yuri Ushakov = Yuri Ushakov
Macron, Emmanuel = Emmanuel Macron
VLADIMIR PUTIN = Vladimir Putin
Sir Keir Starmer = Keir Starmer
Ursula von der Leyen = Ursula Von Der Leyen
Jean-Claude Juncker = Jean Claude Juncker
Luiz Inácio Lula da Silva = Luiz Inacio Lula Da Silva
Seán O'Brien = Sean O’Brien
Zelensky ? Volodymyr Zelenskyy
Putin ? Vladimir Putin
Assad ? Bashar al-Assad
al-Assad ? Bashar al-Assad
bin Salman ? Mohammed bin Salman
von der Leyen ? Ursula von der Leyen
Xi ? Xi Jinping
J. Healey ? John Healey
J.K. Rowling ? Joanne Rowling
Mr Biden ? Joe Biden
Donald Trump ? Donald Trump Jr.
Le Pen ? Marine Le Pen
Reis-Lopes ? Ana Reis-Lopes
Volodymyr ? Volodymyr Zelensky
Jill Biden x Joe Biden
Melania Trump x Donald Trump
George W. Bush x George H. W. Bush
Kim Jong-un x Kim Jong-il
Emmanuel Macron x Brigitte Macron
John Healey x Denis Healey
J. Healey x Denis Healey
Vladimir Putin x Vladimir Medinsky
Marine Le Pen x Jean-Marie Le Pen
Peter Andersen x Peter Anderson
Bashar al-Assad x Hafez al-Assad
Sergei Lavrov x Sergei Shoigu
Charles II x Charles III
Putin x Patton
Bill Clinton x Hillary Clinton
Mark Allen x Mark Ellen
"""

#: Held aside: looked at only when the matcher was done.
HELD = """
Oleksandr Syrskyi = Oleksandr Syrsky
Valerii Zaluzhnyi = Valery Zaluzhny
Andriy Yermak = Andrii Yermak
Serhiy Kyslytsya = Serhii Kyslytsya
Ramzan Kadyrov = Рамзан Кадыров
Alexei Navalny = Aleksey Navalny
Aleksandr Lukashenko = Alexander Lukashenko
Nikita Khrushchev = Nikita Krushchev
Benjamin Netanyahu = Benjamin Netanyahoo
Mahmoud Ahmadinejad = Mahmud Ahmadinejad
Ayatollah Ali Khamenei = Ali Khamenei
Mohammad Bagher Ghalibaf = Mohammad Bagher Qalibaf
Osama bin Laden = Usama bin Laden
Yasser Arafat = Yasir Arafat
Hosni Mubarak = Husni Mubarak
Andrzej Duda = Andrzej DUDA
Lech Wałęsa = Lech Walesa
Mateusz Morawiecki = Morawiecki Mateusz
Moon Jae-in = Moon Jae In
Shinzo Abe = Abe Shinzo
Tsai Ing-wen = Tsai Ingwen
Ban Ki-moon = Ki-moon Ban
Radovan Karadžić = Radovan Karadzic
Ratko Mladić = Ratko Mladich
Jens Stoltenberg = Stoltenberg, Jens
Annalena Baerbock = Foreign Minister Annalena Baerbock
Mette Frederiksen = Prime Minister Mette Frederiksen
Jean-Luc Mélenchon = Jean-Luc Melenchon
Lyndon Baines Johnson = Lyndon Johnson
Franklin D. Roosevelt = Franklin Roosevelt
J.R.R. Tolkien = JRR Tolkien
Joseph Biden = Joe Biden
Mike Johnson = Michael Johnson
Rt Hon David Lammy MP = David Lammy
Baroness Catherine Ashton = Catherine Ashton
Annegret Kramp-Karrenbauer = Annegret Karrenbauer
Alexandria Ocasio-Cortez = Alexandria Ocasio Cortez
foreign ministry spokeswoman Maria Zakharova = Maria Zakharova
Martin Luther King Jr = Martin Luther King, Jr.
Siobhán O'Neill = Siobhan O'Neill
Ahmed al-Sharaa = Ahmad al-Sharaa
Zaluzhny ? Valerii Zaluzhnyi
Netanyahu ? Benjamin Netanyahu
van Rompuy ? Herman Van Rompuy
Prime Minister Frederiksen ? Mette Frederiksen
Mrs Thatcher ? Margaret Thatcher
al-Sharaa ? Ahmed al-Sharaa
M. Thatcher ? Margaret Thatcher
Sadr ? Muqtada al-Sadr
Moon ? Moon Jae-in
Ocasio-Cortez ? Alexandria Ocasio-Cortez
Lula ? Luiz Inácio Lula da Silva
Robert Kennedy ? Robert Kennedy Jr.
de Gaulle ? Charles de Gaulle
Boris ? Boris Johnson
Michelle Obama x Barack Obama
Benjamin Netanyahu x Sara Netanyahu
M. Thatcher x Denis Thatcher
Elizabeth I x Elizabeth II
John F. Kennedy x Robert F. Kennedy
Boris Johnson x Rachel Johnson
Lars Hansen x Lars Hanson
Raúl Castro x Fidel Castro
Park Chung-hee x Park Geun-hye
Ali Khamenei x Mojtaba Khamenei
Justin Trudeau x Pierre Trudeau
Robert Gates x Robert Kates
Maria Zakharova x Maria Butina
Tony Blair x Cherie Blair
Li Keqiang x Li Qiang
Jeremy Hunt x Gareth Hunt
"""

DEVELOPED_ORGANIZATIONS = """
World Health Organization = WHO
World Health Organisation = World Health Organization
the Labour Party = Labour
Ministry of Defence = MoD
Ministry of Defence = Defence Ministry
U.N. = UN
Apple Inc. = Apple
Hobb & Quist Ltd = Hobb and Quist
Department of State = State Department
World Health Organization (WHO) = World Health Organization
North Atlantic Treaty Organization = Nato
Foreign Ministry ? Russian Foreign Ministry
BBC ? BBC News
Chinese Foreign Ministry x Russian Foreign Ministry
Bank of England x England
Channel 4 x Channel 5
Labour Party x Green Party
European Union x European Commission
WHO x World Trade Organization
"""

HELD_ORGANIZATIONS = """
International Atomic Energy Agency = IAEA
British Broadcasting Corporation = BBC
Siemens AG = Siemens
University of Oxford = Oxford University
the Conservative Party = Conservatives
Israel Defense Forces = Israel Defence Forces
Israel Defense Forces = IDF
Federal Bureau of Investigation = F.B.I.
Goldman Sachs Group = Goldman Sachs
Médecins Sans Frontières = MSF
Center for Strategic Studies = Centre for Strategic Studies
Rosneft PJSC = Rosneft
Security Council ? United Nations Security Council
Reuters ? Reuters news agency
Defence Ministry ? Ukrainian Defence Ministry
University of Oxford x University of Cambridge
Bank of America x America
G7 x G20
IMF x World Bank
Deutsche Bank x Deutsche Telekom
"""

#: Written after the held table was looked at, to look again. At first 37 of 46 people and 9 of 15 organizations were right; no two that
#: differ were taken for the same. Then ways to write one sound were added; what is still wrong stands in the known failures.
SECOND = """
Nicolás Maduro = Nicolas Maduro
Tedros Adhanom Ghebreyesus = Tedros Ghebreyesus
Yahya Sinwar = Yehya Sinwar
Ismail Haniyeh = Ismail Haniya
Hassan Nasrallah = Hasan Nasrallah
Mohammed Deif = Mohammad Deif
Qassem Soleimani = Qasem Suleimani
Masoud Pezeshkian = Massoud Pezeshkian
Ebrahim Raisi = Ibrahim Raisi
Ilham Aliyev = Ilham Aliev
Nikol Pashinyan = Nikol Pashinian
Mikheil Saakashvili = Mikhail Saakashvili
Chiang Kai-shek = Chiang Kai Shek
Suu Kyi ? Aung San Suu Kyi
Ngo Dinh Diem = Ngô Đình Diệm
Lee Jae-myung = Lee Jae Myung
Fumio Kishida = Kishida Fumio
Shri Narendra Modi = Narendra Modi
Dr S. Jaishankar ? Subrahmanyam Jaishankar
Jagmeet Singh x Manmohan Singh
Imran Khan x Sadiq Khan
Ayman al-Zawahiri = Ayman al-Zawahri
Mohammad Javad Zarif = Mohammad Zarif
Tony Blair = Anthony Blair
Liz Truss = Elizabeth Truss
Ed Miliband x David Miliband
Rob Bonta = Robert Bonta
Alexander Novak = Aleksandr Novak
Yulia Tymoshenko = Julia Timoshenko
Pavel Durov = Pavel Dourov
Gurbanguly Berdimuhamedow = Gurbanguly Berdymukhamedov
Leonid Kuchma x Leonid Kravchuk
Raila Odinga x Oginga Odinga
Haile Selassie = Haile Sellassie
Thabo Mbeki x Govan Mbeki
Hu Jintao x Hu Yaobang
Kim Yo-jong x Kim Jong-un
Erdogan ? Recep Tayyip Erdoğan
Meloni ? Prime Minister Giorgia Meloni
Giorgia Meloni x Giorgio Meloni
Daniel Noboa x Alvaro Noboa
Xi x Xia
van Lieshout = Van Lieshout
Bin Salman = bin Salman
"""

SECOND_ORGANIZATIONS = """
European Central Bank = ECB
Organisation for Economic Co-operation and Development = OECD
Federal Reserve ? Federal Reserve Bank of New York
Gazprom PJSC = Gazprom
House of Commons x House of Lords
Supreme Court x High Court
Amnesty ? Amnesty International
Human Rights Watch = HRW
The Guardian = Guardian
New York Times x New York Post
"""

VERDICTS = {"=": "same", "?": "compatible", "x": "different"}
#: What the matcher gets wrong, and would get right only by knowing the people. A strict list: a pair that comes right must leave it.
KNOWN_FAILURES = """
John Quincy Adams x John Adams
Volodymyr Zelensky = Vladimir Zelensky
Narendra Patel x Narendra Patil
Jim Möller x Jim Müller
Abiy Ahmed = Abiy Ahmed Ali
Kassym-Jomart Tokayev = Qasym-Zhomart Toqaev
Mao Zedong = Mao Tse-tung
Khalifa Haftar = Khalifa Hifter
"""

KNOWN_FAILURES_ORGANIZATIONS = """
Foreign Ministry = Ministry of Foreign Affairs
Red Cross ? International Committee of the Red Cross
UN = United Nations
Liberal Democrats = Lib Dems
Alternative for Germany = AfD
"""


def pairs(table: str) -> list[tuple[str, str, str]]:
    rows = []
    for line in filter(None, table.splitlines()):
        sign = next(s for s in VERDICTS if f" {s} " in line)
        left, right = line.split(f" {sign} ")
        rows.append((left, right, VERDICTS[sign]))
    return rows


def wrong(table: str, compare) -> list[str]:
    return [f"{a} / {b}: {m.verdict} ({m.reason}), should be {v}" for a, b, v in pairs(table) if (m := compare(a, b)).verdict != v]


@pytest.mark.parametrize(
    ("table", "compare"),
    [(t, compare_people) for t in (DEVELOPED, HELD, SECOND)]
    + [(t, compare_organizations) for t in (DEVELOPED_ORGANIZATIONS, HELD_ORGANIZATIONS, SECOND_ORGANIZATIONS)],
    ids=["developed", "held", "second", "developed-organizations", "held-organizations", "second-organizations"],
)
def test_the_table(table: str, compare) -> None:
    assert wrong(table, compare) == []


def test_known_failures_still_fail() -> None:
    for table, compare in ((KNOWN_FAILURES, compare_people), (KNOWN_FAILURES_ORGANIZATIONS, compare_organizations)):
        assert len(wrong(table, compare)) == len(pairs(table))


def test_a_reason_is_said() -> None:
    assert compare_people("Jill Biden", "Joe Biden") == Match("different", 0.3, "the last names agree, the others do not (jill, joe)")
    assert "first letters" in compare_organizations("WHO", "World Health Organization").reason
    assert "jr" in compare_people("Donald Trump", "Donald Trump Jr.").reason


def test_turned_names_that_both_may_come_first_are_not_taken_for_one() -> None:
    assert compare_people("James Thomas", "Thomas James").verdict == "compatible"
    assert compare_people("Viktor Orbán", "Orbán Viktor").verdict == "same"


def test_scores_follow_verdicts() -> None:
    for a, b, _ in pairs(DEVELOPED + HELD + DEVELOPED_ORGANIZATIONS):
        for match in (compare_people(a, b), compare_organizations(a, b)):
            low, high = {"same": (0.8, 1.0), "compatible": (0.4, 0.8), "different": (0.0, 0.4)}[match.verdict]
            assert low <= match.score <= high


NAMES = sorted({n for a, b, _ in pairs(DEVELOPED + HELD) for n in (a, b)})
words = st.sampled_from(sorted({w for n in NAMES for w in n.split()} | {"J.", "JK", "von", "al-", "Jr", "III", "Dr", "(", "'s", "-", "“Lula”", "习近平", "O'"}))
anything = st.one_of(st.text(max_size=30), st.lists(words, max_size=5).map(" ".join))


@given(anything, anything)
def test_left_and_right_make_no_difference(left: str, right: str) -> None:
    assert compare_people(left, right) == compare_people(right, left)
    assert compare_organizations(left, right) == compare_organizations(right, left)


@given(anything)
def test_a_name_is_itself(name: str) -> None:
    assert compare_people(name, name).verdict == "same"
    assert compare_organizations(name, name).verdict == "same"


@given(st.lists(anything, max_size=12), st.sampled_from([compare_people, compare_organizations]))
def test_an_index_finds_what_comparing_all_finds(names: list[str], compare) -> None:
    unique = list(dict.fromkeys(names))
    all_of_them = {(a, b) for a, b in combinations(unique, 2) if compare(a, b).verdict != "different"}
    index = NameIndex(names, compare=compare)
    assert {(a, b) for a, b, _ in index.pairs()} == all_of_them
    for name in unique:
        assert {n for n, _ in index.matches(name)} == {b for a, b in all_of_them if a == name} | {a for a, b in all_of_them if b == name} | {name}


def test_matches_come_best_first() -> None:
    index = NameIndex(["Biden", "Jill Biden", "Joseph Biden", "Joe Biden"])
    assert [n for n, _ in index.matches("Joe Biden")] == ["Joe Biden", "Joseph Biden", "Biden"]
