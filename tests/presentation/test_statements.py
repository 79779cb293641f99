from presentation.statements import stated


def test_money_is_decimal_text_in_pounds_and_activity_in_its_units():
    totals = {"planned_price": None, "actual_price": -12_345_600, "activity": {"SPELL": 1_500, "ATT": 80_540_000}}
    said = {"planned_price": None, "actual_price": "-1234.56", "activity": {"SPELL": "1.5", "ATT": "80540"}}
    assert stated(totals) == said
    assert stated({"by_provider": {"RJ1": totals}, **totals}) == {"by_provider": {"RJ1": said}, **said}


def test_pence_are_always_there_and_what_is_finer_where_it_is():
    prices = {"a": 10_000, "b": 1_234, "c": 0, "d": 12_000}
    assert stated(prices) == {"a": "1.00", "b": "0.1234", "c": "0.00", "d": "1.20"}
