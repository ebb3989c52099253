"""Questions for news, as people put them to somebody: "What is new on gallium?"."""

import re

LONGEST = 200  # characters of a question
_ASKED = (
    r"(?:what(?:['’]?s|\s+is|\s+are)?|(?:(?:is|are)\s+there\s+)?any(?:thing)?"
    r"|(?:show|tell|give)\s+me)\s+(?:the\s+)?(?:new|news|newest|latest(?:\s+news)?|happening"
    r"|going\s+on)\s+(?:on|about|regarding|with|in|for|from)\s+(?P<words>.+?)"
)
_HEADED = r"(?:the\s+)?(?:news|newest|latest(?:\s+news)?)\s+(?:on|about|regarding)\s+(?P<words>.+?)"
_CHINESE = (
    r"(?!订阅|訂閱|退订|退訂|取消)(?:关于|關於)?\s*(?P<words>\S+?)\s*(?:的|有(?:什么|什麼|何|没有|沒有)?)\s*最?新的?"
    r"(?:消息|新闻|新聞|动态|動態|进展|進展)?(?:吗|嗎|呢)?"
)
_JAPANESE = (
    r"(?P<words>\S+?)(?:の|に関する|について(?:の)?)(?:最新|新しい)の?"
    r"(?:ニュース|情報|動き|動向)?(?:は|を教えて|はありますか)?"
)
_FORMS = tuple(
    re.compile(form + r"[\s?？!！.。]*", re.IGNORECASE)
    for form in (_ASKED, _HEADED, _CHINESE, _JAPANESE)
)


def asked_of(text: str) -> str:
    """Return the words that a person asks the news of, "" where it is no such question."""
    if len(text) > LONGEST:
        return ""
    found = (form.fullmatch(text) for form in _FORMS)
    return next((match["words"] for match in found if match), "")
