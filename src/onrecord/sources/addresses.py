"""Addresses on the web: one form for all the ways to write one, and the parts that a request needs."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from onrecord.errors import RefusedError

__all__ = ["PORTS", "RULE", "Target", "canonical", "target_of"]

#: Name of the rule that `canonical` follows; another rule gets another name, since ids are made of its results.
RULE = "address.v1"
#: Schemes that are fetched, and their default ports.
PORTS = {"http": 80, "https": 443}

#: Parameters that say where a reader came from, and never which page is meant. Names that a site may also use to tell its pages
#: apart (`ref`, `source`, `cid`, `id`, `s`) are not among them: two addresses of one page cost less than one address of two.
_TRACKING_PREFIXES = ("utm_", "mtm_", "matomo_", "piwik_", "hsa_", "guce_", "oly_", "vero_", "at_custom", "at_bbc_", "at_link_", "wt.", "_hs", "__hs")
_TRACKING_NAMES = frozenset(
    """
    fbclid fb_action_ids fb_action_types fb_ref fb_source gclid gclsrc dclid gbraid wbraid gad_source gad_campaignid _ga _gl _gac srsltid
    msclkid yclid ysclid twclid ttclid li_fat_id igsh igshid epik rdt_cid scclid sccid wickedid irclickid rb_clickid clickid _openstat
    mc_cid mc_eid mkt_tok ml_subscriber ml_subscriber_hash __twitter_impression ref_src ref_url s_cid sc_cid sc_campaign sc_channel
    pk_campaign pk_kwd pk_keyword pk_source pk_medium pk_content pk_cid ns_mchannel ns_source ns_campaign ns_linkname ns_fee
    at_medium at_campaign at_campaign_type at_format at_ptr_name at_creation at_variant at_audience trk_contact trk_msg trk_module trk_sid
    wt_mc wt_zmc ncid cmpid cmp icid intcid xtor ocid smid smtyp ito ftag guccounter taid tpcc sref srnd traffic_source spm_id_from
    """.split()  # noqa: SIM905 - reads and differs better as words
)

_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_IN_PATH = re.compile(r"%[0-9A-Fa-f]{2}|%|[^A-Za-z0-9\-._~/:@!$&'()*+,;=%]+")
_IN_QUERY = re.compile(r"%[0-9A-Fa-f]{2}|%|[^A-Za-z0-9\-._~/:@!$&'()*+,;=?%]+")
_LABEL = re.compile(r"[a-z0-9_-]{1,63}\Z")
_OVERESCAPED = re.compile(r"&(?:amp;)+")
_DOTS = re.compile("[.\u3002\uff0e\uff61]")
#: Letters that the older IDNA drops or swaps, so that the name would lead to somebody else's host.
_DEVIATIONS = frozenset("ßς\u200c\u200d")
_LONGEST_HOST = 253
_EDGES = "".join(map(chr, range(0x21)))
_BREAKS = str.maketrans("", "", "\t\r\n")


def canonical(url: str, *, base: str | None = None) -> str:
    """Write a web address in its one form.

    Scheme and host in lower case, the host in ASCII (IDNA), no default port, no fragment, no user name, no parameters that
    track readers, dot segments resolved, percent-encoding in one form. What may tell pages apart stays: the order of the
    parameters, a slash at the end, `www.`, http or https.

    Args:
        url: Any string.
        base: The page where it stood, for a relative address.

    Returns:
        The address by the rule named `RULE`; the string unchanged if it is no web address. Doing it twice changes nothing.
    """
    try:
        text = _trimmed(url)
        parts = urlsplit(urljoin(_trimmed(base), text) if base is not None else text)
        host, port = _host(parts.hostname or ""), parts.port
    except ValueError:
        return url
    if parts.scheme not in PORTS or host is None:
        return url
    query = _without_tracking(_encoded(parts.query, _IN_QUERY))
    path = _resolved(_encoded(parts.path, _IN_PATH))
    return f"{parts.scheme}://{_authority(parts.scheme, host, port)}{path}{'?' if query else ''}{query}"


@dataclass(frozen=True, slots=True)
class Target:
    """What a request needs to know of an address."""

    #: The address itself, without a fragment.
    url: str
    #: `http` or `https`.
    scheme: str
    #: Name or IP address, ASCII, without brackets.
    host: str
    port: int
    #: Path and query, percent-encoded, as the request names it.
    path: str

    @property
    def authority(self) -> str:
        """Host and, unless it is the scheme's own, port: the `Host` header."""
        return _authority(self.scheme, self.host, self.port)

    @property
    def origin(self) -> str:
        """Scheme and authority: what one robots.txt speaks for."""
        return f"{self.scheme}://{self.authority}"

    @property
    def site(self) -> str:
        """Whom to be polite to: the host, over http and https alike, and the port if it is an unusual one."""
        return self.host if self.port in PORTS.values() else f"{self.host}:{self.port}"


def target_of(url: str) -> Target:
    """Take an address apart for a request.

    Raises:
        RefusedError: It is no web address, of another scheme than http, or holds a user name.
    """
    try:
        parts = urlsplit(_trimmed(url))
        host, port = _host(parts.hostname or ""), parts.port
    except ValueError as error:
        raise RefusedError(f"this is no web address: {error}", item=url, hint="check the address") from error
    if parts.scheme not in PORTS or not parts.hostname:
        raise RefusedError("only http and https addresses are fetched", item=url, hint="for a file, give its path")
    if parts.username is not None or parts.password is not None:
        raise RefusedError("the address holds a user name or password", item=f"{parts.scheme}://{parts.hostname}", hint="leave it out")
    if host is None:
        raise RefusedError("this is no web address: there can be no host of that name", item=url, hint="check the address")
    return Target(_trimmed(url).partition("#")[0], parts.scheme, host, port if port is not None else PORTS[parts.scheme], _path_and_query(parts))


def _path_and_query(parts: SplitResult) -> str:
    # Sent as it was written: servers differ in what they take for the same.
    path = _IN_PATH.sub(_kept, parts.path) or "/"
    return f"{path}?{_IN_QUERY.sub(_kept, parts.query)}" if parts.query else path


def _trimmed(url: str) -> str:
    # As browsers do it: blanks around an address and line breaks inside are no part of it.
    return url.strip(_EDGES).translate(_BREAKS)


def _authority(scheme: str, host: str, port: int | None) -> str:
    shown = f"[{host}]" if ":" in host else host
    return shown if port is None or port == PORTS[scheme] else f"{shown}:{port}"


def _host(name: str) -> str | None:
    """The host's name in ASCII and lower case; None if no host can be called that."""
    if ":" in name:
        return None if "%" in name else str(ipaddress.IPv6Address(name))
    name = unquote(name).rstrip(".")
    if len(name) > _LONGEST_HOST:
        return None
    try:
        labels = [_label(label) for label in _DOTS.split(name)]
    except UnicodeError:
        return None
    found = ".".join(labels)
    return found if len(found) <= _LONGEST_HOST and all(_LABEL.match(label) for label in found.split(".")) else None


def _label(label: str) -> str:
    if label.isascii():
        return label.lower()
    if _DEVIATIONS.isdisjoint(label):
        return label.encode("idna").decode("ascii").lower()
    return "xn--" + unicodedata.normalize("NFKC", label.lower()).encode("punycode").decode("ascii").lower()


def _is_escape(token: str) -> bool:
    return token[0] == "%" and len(token) > 1


def _one_form(found: re.Match[str]) -> str:
    token = found[0]
    if not _is_escape(token):
        return quote(token, safe="", errors="replace")
    letter = chr(int(token[1:], 16))
    return letter if letter in _UNRESERVED else token.upper()


def _kept(found: re.Match[str]) -> str:
    return found[0] if _is_escape(found[0]) else quote(found[0], safe="", errors="replace")


def _encoded(text: str, pattern: re.Pattern[str]) -> str:
    return pattern.sub(_one_form, text)


def _resolved(path: str) -> str:
    """A path without `.` and `..` (RFC 3986, 5.2.4)."""
    steps: list[str] = []
    parts = path.split("/")[1:]
    for number, step in enumerate(parts):
        if step == "..":
            del steps[-1:]
        elif step != ".":
            steps.append(step)
            continue
        if number == len(parts) - 1:
            steps.append("")
    return "/" + "/".join(steps)


def _without_tracking(query: str) -> str:
    # Links that were escaped once too often are common in feeds.
    query = _OVERESCAPED.sub("&", query)
    return "&".join(piece for piece in query.split("&") if piece and not _tracks(piece))


def _tracks(piece: str) -> bool:
    name = unquote(piece.partition("=")[0]).lower()
    return name in _TRACKING_NAMES or name.startswith(_TRACKING_PREFIXES)
