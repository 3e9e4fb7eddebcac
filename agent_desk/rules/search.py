"""Finding services by what the customer says: spoken words, no accents needed, typing errors forgiven, while typing."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import accumulate, pairwise
from math import log
from operator import or_

from agent_desk.rules.catalogue import Service

TEXT_MAX = 200  # what is typed beyond that is not looked at
WORDS_MAX = 8
CACHED = 256

# Words that say nothing about which service is meant.
_SMALL_WORDS = """
a ai ais ait alors au aux avec avoir c ca ce cela ces cet cette chez comme comment d dans de depuis des deux
du elle en encore est et etait etre eu fait faire faut ici il ils j jamais je l la le les leur lui m ma mais me
mes moi mon n ne ni nos notre nous on ont or ou par pas peu peut peux plus pour pourquoi plait prendre qu quand
que quel quelle qui quoi s sa sans se ses si sil soit son sont suis sur t ta te tes toi ton tous tout toute tres
trop tu un une va veut veux vers voila voudrais vous y bonjour monsieur madame probleme souci marche marchent
fonctionne fonctionnent arrive arrivent bien chose the an my is not of to for i it on with and
"""

LABEL, WORD, DOMAIN, MENTION = 3.0, 2.0, 1.0, 0.1
LAST_WORDS = 0.3  # how much less the last of a service's words says than the first
EXACT, BEGINNING, ERRORS = 1.0, 0.8, 0.45


class Index:
    """Services ready to be searched; built once, a few milliseconds, never changed."""

    def __init__(self, services: Iterable[Service]) -> None:
        weights: dict[str, dict[str, float]] = defaultdict(dict)
        self._codes: list[str] = []
        for service in services:
            self._codes.append(service.code)
            for word, weight in _vocabulary(service):
                known = weights[word].get(service.code, 0.0)
                weights[word][service.code] = max(known, weight) + (MENTION if known else 0.0)
        self._order = {code: place for place, code in enumerate(self._codes)}
        # A word few services share says more than one they all have.
        self._words: Mapping[str, Mapping[str, float]] = {
            word: {code: weight * (1 + log(len(self._codes) / len(found))) for code, weight in found.items()}
            for word, found in weights.items()
        }
        self._letters = {word: _letters(word) for word in self._words}
        # One types at the end: the words before have been looked up already.
        self._match = lru_cache(CACHED)(self._look_up)

    def find(self, text: str) -> tuple[str, ...]:
        """Return the codes of the services meant, best first; all of them when nothing was said yet.

        Words nobody knows are passed over as long as another is known: what was found stays while one types on.
        """
        words = self._wanted(text)
        if not words:
            return tuple(self._codes)
        matched: dict[str, int] = defaultdict(int)
        scores: dict[str, float] = defaultdict(float)
        for word in words:
            for code, score in self._match(word).items():
                matched[code] += 1
                scores[code] += score
        most = max(matched.values(), default=0)
        found = [code for code, count in matched.items() if count == most]
        return tuple(sorted(found, key=lambda code: (-scores[code], self._order[code])))

    def _wanted(self, text: str) -> tuple[str, ...]:
        words = self._join(spoken_words(text))
        if words and not self._begun(words[-1]) and _begins_small_word(words[-1]):
            words.pop()
        telling = tuple(word for word in words if word not in _small_words())
        # The only word may be the beginning of a longer one: "a" of "antivirus".
        return telling or tuple(word for word in words[-1:] if self._begun(word))

    def _join(self, words: Sequence[str]) -> list[str]:
        joined = list(words[:1])
        for first, second in pairwise(words):
            if first + second in self._words:
                joined[-1] = first + second
            else:
                joined.append(second)
        return joined

    def _begun(self, start: str) -> bool:
        return any(word.startswith(start) for word in self._words)

    def _look_up(self, wanted: str) -> Mapping[str, float]:
        found = self._best((word, _likeness_of_beginning(wanted, word)) for word in self._words)
        return found or self._best(self._with_errors(wanted))

    def _with_errors(self, wanted: str) -> Iterator[tuple[str, float]]:
        allowed = errors_allowed(wanted)
        letters = _letters(wanted)[-1]
        for word, begun in self._letters.items() if allowed else ():
            if _may_be_alike(len(wanted), letters, begun, allowed):
                errors = errors_in_beginning(wanted, word, allowed)
                if errors <= allowed:
                    yield word, ERRORS / errors

    def _best(self, likenesses: Iterable[tuple[str, float]]) -> dict[str, float]:
        best: dict[str, float] = {}
        for word, likeness in likenesses:
            if likeness:
                for code, weight in self._words[word].items():
                    best[code] = max(best.get(code, 0.0), likeness * weight)
        return best


def fold(text: str) -> str:
    """Return `text` without case, accents and ligatures: "Œuvre à l’ÉTÉ" becomes "oeuvre a l’ete"."""
    # Decomposed first: a letter of a fancy alphabet has no case until it is a plain one.
    plain = unicodedata.normalize("NFKD", text).casefold().replace("œ", "oe").replace("æ", "ae")
    return "".join(char for char in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(char))


def spoken_words(text: str) -> tuple[str, ...]:
    """Return the words of `text`, folded, singular, hyphens closed up ("e-mail", "wi-fi"); bounded in number."""
    closed = re.sub(r"(?<=\w)[-_.](?=\w)", "", fold(text[:TEXT_MAX]))
    return tuple(singular(word) for word in re.findall(r"[^\W_]+", closed)[:WORDS_MAX])


def singular(word: str) -> str:
    """Return a folded French word without the ending of its plural, as far as the search needs it."""
    if len(word) > 4 and word.endswith("eaux"):
        return word[:-1]
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word


def errors_allowed(word: str) -> int:
    """Return how many typing errors a word of that length may hold."""
    return 0 if len(word) < 4 else 1 if len(word) < 8 else 2


def errors_in_beginning(typed: str, word: str, limit: int) -> int:
    """Return how many letters are wrong, missing, too many or swapped in `typed`, taken as the beginning of `word`.

    Stops counting beyond `limit`: a result above it only says that there are more.
    """
    before_last: list[int] = []
    last = list(range(len(word) + 1))
    for row, letter in enumerate(typed, 1):
        line = [row]
        for column, other in enumerate(word, 1):
            cost = min(last[column] + 1, line[column - 1] + 1, last[column - 1] + (letter != other))
            swapped = row > 1 and column > 1 and letter == word[column - 2] and typed[row - 2] == other
            line.append(min(cost, before_last[column - 2] + 1) if swapped else cost)
        before_last, last = last, line
        if min(last) > limit and min(before_last) > limit:
            break
    return min(last)


def _likeness_of_beginning(wanted: str, word: str) -> float:
    if word == wanted:
        return EXACT
    return BEGINNING * (0.5 + 0.5 * len(wanted) / len(word)) if word.startswith(wanted) else 0.0


def _vocabulary(service: Service) -> Iterator[tuple[str, float]]:
    for name in (service.label_fr, service.short_fr, service.label_en, service.short_en):
        yield from ((word, LABEL) for word in spoken_words(name) if word not in _small_words())
    for place, text in enumerate(service.words):
        telling = WORD * (1 - LAST_WORDS * place / len(service.words))
        yield from ((word, telling) for word in spoken_words(text))
    for word in spoken_words(service.code.replace(".", " ").replace("-", " ")):
        yield word, DOMAIN


@cache
def _small_words() -> frozenset[str]:
    return frozenset(singular(word) for word in _SMALL_WORDS.split())


def _begins_small_word(start: str) -> bool:
    return any(word.startswith(start) for word in _small_words())


def _letters(word: str) -> tuple[int, ...]:
    """Return which letters stand in the first 0, 1, 2 … letters of `word`, a bit each."""
    return tuple(accumulate((1 << ord(letter) % 64 for letter in word), or_, initial=0))


def _may_be_alike(length: int, letters: int, begun: tuple[int, ...], allowed: int) -> bool:
    """Tell whether a word, given by `_letters`, deserves a closer look: each letter only one side has is one error."""
    last = len(begun) - 1
    if length - last > allowed:
        return False
    longest, shortest = begun[min(length + allowed, last)], begun[min(length - allowed, last)]
    return (letters & ~longest).bit_count() <= allowed and (shortest & ~letters).bit_count() <= allowed
