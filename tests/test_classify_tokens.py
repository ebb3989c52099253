"""The words that stories are compared by: the same in every language, of the lead alone."""

import pytest

from bot.classify.passages import passages_of
from bot.classify.terms import lexicon
from bot.classify.tokens import tokens_of


def tokens(title, text=""):
    return tokens_of(passages_of(title, text))


def test_whom_a_title_is_about_is_told_from_whom_a_text_names():
    found = tokens("JL MAG gets licences", "Tesla waits.")

    assert {"co:jl-mag", "co:tesla", "about:jl-mag"} <= found
    assert "about:tesla" not in found


@pytest.mark.parametrize(
    ("token", "titles"),
    [
        (
            "co:nvidia",
            (
                "Nvidia waits",
                "英伟达等待许可",
                "エヌビディアが出荷",
                "엔비디아 수출",
                "NVIDIA wartet",
            ),
        ),
        ("co:huawei", ("Huawei hit", "华为受限", "華為受限", "ファーウェイ", "화웨이 제재")),
        (
            "list:entity-list",
            ("On the Entity List", "列入实体清单", "列入實體清單", "禁輸リストに追加"),
        ),
        (
            "list:unreliable-entity-list",
            (
                "Unreliable Entity List grows",
                "列入不可靠实体清单",
                "Liste unzuverlässiger Unternehmen",
            ),
        ),
        ("rule:affiliates-rule", ("The Affiliates Rule is paused", "50%规则暂停", "50%ルール停止")),
        ("word:h20", ("H20 sales to China", "H20芯片对华出口", "H20の中国向け出荷")),
        (
            "word:photoresist",
            (
                "Photoresist approved",
                "光刻胶获准",
                "レジストを許可",
                "포토레지스트 허가",
                "Fotolack erlaubt",
            ),
        ),
        (
            "word:urea",
            ("Urea exports", "尿素出口", "요소 수출", "Harnstoffexporte", "экспорт карбамида"),
        ),
        (
            "cc:jp",
            ("To Japan", "对日本", "日本向け", "일본에", "nach Japan", "vers le Japon", "в Японию"),
        ),
        ("cc:us", ("BIS acts", "美国商务部", "米商務省", "미국 상무부", "USA handeln", "США")),
        ("num:32", ("32 entities listed", "32家企业", "32社を追加", "32개 기업", "32 Unternehmen")),
        (
            "num:95000000",
            ("a $95 million penalty", "罚款9500万美元", "95 Millionen Dollar", "95 млн"),
        ),
    ],
)
def test_a_token_is_the_same_in_every_language(token, titles):
    assert [title for title in titles if token not in tokens(title)] == []


def test_an_unreliable_entity_list_is_not_the_entity_list():
    assert "list:entity-list" not in tokens("14 firms on the Unreliable Entity List")


def test_background_is_left_out():
    """What stands after the lead is recalled, not news."""
    text = "One. Two. Three. Nvidia was hit in 2022 with 40 firms of Japan."
    assert tokens("China licenses gallium", text) == {"cc:cn"}


def test_a_list_counts_in_the_title_only():
    assert not any(t.startswith("list:") for t in tokens("Fine", "The Entity List stays."))


@pytest.mark.parametrize("title", ["On 12 May 2025", "version 3.2 items", "1-2 items", ""])
def test_what_counts_nothing(title):
    assert not any(token.startswith("num:") for token in tokens(title))


@pytest.mark.parametrize("key", sorted(lexicon("companies")))
def test_every_company_is_found_by_each_of_its_names(key):
    row = lexicon("companies")[key]
    for name in row["names"]:
        assert f"co:{key}" in tokens(f"News of {name.strip('=*')} today"), name
    assert ":" in row.get("listing", ":")


@pytest.mark.parametrize("kind", ["list", "rule"])
def test_every_list_is_found_by_each_of_its_names(kind):
    for key, names in lexicon("lists")[kind].items():
        for name in names:
            plain = name.strip("=*").replace("* ", " ").replace("(", "").replace(")", "")
            assert f"{kind}:{key}" in tokens(f"{plain}"), name
