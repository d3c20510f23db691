"""An article to windows: its text cut at sentence ends into pieces that fit the model, the title in front of each."""

from bisect import bisect_left
from collections.abc import Sequence

from chaoxun.cleaning.characters import model_view
from chaoxun.records import Article, Span, Window
from chaoxun.tagging.backends import Encoded, Encoder
from chaoxun.tagging.sentences import split_sentences

# A title may take a third of a window at most: extraction sometimes glues paragraphs into a headline.
_MAX_TITLE_SHARE = 1 / 3


def cut_windows(articles: Sequence[Article], encoder: Encoder) -> list[Window]:
    """The windows of all articles, in their order; no character of a text that is not white space is left out.

    An article without any text but with a title gets one window of the title alone; one with neither gets none.
    """
    titles, texts = _encode(articles, encoder)
    windows: list[Window] = []
    for article, title, text in zip(articles, titles, texts, strict=True):
        head = _head(title, encoder)
        room = encoder.max_tokens - len(head) - len(encoder.closing)
        pieces = _pack(_token_ranges(article.text, text), room=room)
        windows.extend(_window(article.id, head, text, piece, encoder) for piece in pieces)
        if not pieces and title.token_ids:
            windows.append(Window(article_id=article.id, start=0, stop=0, token_ids=head))
    return windows


def cut_sentences(articles: Sequence[Article], encoder: Encoder) -> list[Window]:
    """A window for each sentence of each article, without the title: what evidence is chosen from."""
    _, texts = _encode(articles, encoder)
    windows: list[Window] = []
    for article, text in zip(articles, texts, strict=True):
        room = encoder.max_tokens - len(encoder.opening) - len(encoder.closing)
        for sentence in _token_ranges(article.text, text):
            pieces = _pack([sentence], room=room)
            windows.extend(_window(article.id, encoder.opening, text, piece, encoder) for piece in pieces)
    return windows


def _encode(articles: Sequence[Article], encoder: Encoder) -> tuple[list[Encoded], list[Encoded]]:
    encoded = encoder.encode([model_view(part) for article in articles for part in (article.title, article.text)])
    return encoded[::2], encoded[1::2]


def _head(title: Encoded, encoder: Encoder) -> tuple[int, ...]:
    if not title.token_ids:
        return encoder.opening
    kept = title.token_ids[: int(encoder.max_tokens * _MAX_TITLE_SHARE)]
    return (*encoder.opening, *kept, *encoder.closing)


def _token_ranges(text: str, encoded: Encoded) -> list[tuple[Span, Span]]:
    """(characters, tokens) of each sentence."""
    ranges = []
    for start, stop in split_sentences(text):
        tokens = bisect_left(encoded.starts, start), bisect_left(encoded.starts, stop)
        ranges.append(((start, stop), tokens))
    return ranges


def _pack(sentences: list[tuple[Span, Span]], *, room: int) -> list[tuple[Span, Span]]:
    """Neighbouring sentences joined into pieces of at most `room` tokens and about equal length.

    Equal, because a last piece of a few words has too little context to be judged, and its score counts in full.
    """
    short = [part for sentence in sentences for part in _shortened(sentence, room=room)]
    if not short:
        return []
    total = short[-1][1][1] - short[0][1][0]
    n_pieces = -(-total // room) if total else 1
    target = min(room, -(-total // n_pieces) + _SLACK_TOKENS) if total else room
    pieces = [short[0]]
    for characters, tokens in short[1:]:
        (start, _), (first, _) = pieces[-1]
        if tokens[1] - first <= target:
            pieces[-1] = ((start, characters[1]), (first, tokens[1]))
        else:
            pieces.append((characters, tokens))
    return pieces


# Pieces end at sentence ends, so the equal share needs half a usual sentence of slack not to leave a crumb over.
_SLACK_TOKENS = 20


def _shortened(sentence: tuple[Span, Span], *, room: int) -> list[tuple[Span, Span]]:
    """A sentence of more than `room` tokens (120 characters of a script that takes several tokens each) in parts."""
    (start, stop), (first, last) = sentence
    if last - first <= room:
        return [sentence]
    n_parts = -(-(last - first) // room)
    character_cuts = [start + (stop - start) * i // n_parts for i in range(n_parts + 1)]
    token_cuts = [min(last, first + room * i) for i in range(n_parts + 1)]
    return [((character_cuts[i], character_cuts[i + 1]), (token_cuts[i], token_cuts[i + 1])) for i in range(n_parts)]


def _window(
    article_id: str, head: tuple[int, ...], text: Encoded, piece: tuple[Span, Span], encoder: Encoder
) -> Window:
    (start, stop), (first, last) = piece
    token_ids = (*head, *text.token_ids[first:last], *encoder.closing)
    return Window(article_id=article_id, start=start, stop=stop, token_ids=token_ids)
