//! Made-up words with and without numbers that belong to a person. None of these numbers is anybody's.

use super::*;

/// An identity card's seventeen digits with the check digit that belongs to them.
fn card(digits: &str) -> String {
    let sum: u32 = digits.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    format!("{digits}{}", char::from(CHECKS[(sum % 11) as usize]))
}

#[test]
fn numbers_of_persons_are_found_however_they_are_written() {
    use PrivateKind::{IdentityCard, Landline, Mobile, NumberPlate};
    let (man, woman) = (card("33990119900307123"), card("11010519491231002"));
    assert!(woman.ends_with('X'), "{woman}");
    for (words, kinds) in [
        ("请打13800001111联系我", vec![Mobile]),
        ("电话：138 0000 1111", vec![Mobile]),
        ("电话138-0000-1111，白天在家", vec![Mobile]),
        ("手机１３９００００２２２２", vec![Mobile]),
        ("+86 139 0000 2222", vec![Mobile]),
        ("（+8613900002222）", vec![Mobile]),
        ("0086-139-0000-2222", vec![Mobile]),
        ("8613900002222找老王", vec![Mobile]),
        ("139.0000.2222", vec![Mobile]),
        ("19900001111和16600001111都行", vec![Mobile, Mobile]),
        ("2026年11月22日 13800001111", vec![Mobile]),
        ("2026-11-22 13800001111", vec![Mobile]),
        ("13800001111 13900002222", vec![Mobile, Mobile]),
        ("村委会0571-88881234", vec![Landline]),
        ("村委会0571 8888123", vec![Landline]),
        ("（0571）88881234转801", vec![Landline]),
        ("(010)62345678", vec![Landline]),
        ("021-62345678", vec![Landline]),
        ("02162345678", vec![Landline]),
        ("０５７１－８８８８１２３４", vec![Landline]),
        ("0571—88881234", vec![Landline]),
        ("0571-88881234 13800001111", vec![Landline, Mobile]),
        ("车牌浙A12345一直停着", vec![NumberPlate]),
        ("车牌浙A·12345", vec![NumberPlate]),
        ("浙a·1234b", vec![NumberPlate]),
        ("沪 无牌，粤BD12345 挡路", vec![NumberPlate]),
        ("浙 A 没看清，京AD12345", vec![NumberPlate]),
        ("挖机旁的浙ＥＦ１２３４", vec![NumberPlate]),
    ] {
        let found: Vec<PrivateKind> = find(words).into_iter().map(|number| number.kind).collect();
        assert_eq!(found, kinds, "{words}");
        let masked = mask(words);
        assert_eq!(masked.chars().count(), words.chars().count(), "{words}");
        assert!(find(&masked).is_empty(), "{masked}");
    }
    for words in [format!("身份证{man}"), format!("我是 {woman}。"), woman.to_lowercase(), format!("{} {} {}", &man[..6], &man[6..14], &man[14..])]
    {
        let found: Vec<PrivateKind> = find(&words).into_iter().map(|number| number.kind).collect();
        assert_eq!(found, [IdentityCard], "{words}");
    }
}

#[test]
fn what_is_no_number_of_a_person_stays_readable() {
    let wrong_digit = {
        let right = card("33990119900307123");
        let last = if right.ends_with('1') { '2' } else { '1' };
        format!("{}{last}", &right[..17])
    };
    for words in [
        "路面只铺了200米，宽3.5米",
        "2026-11-22下午3点看到的",
        "计划2026年10月31日完工，今天11月22日还没有",
        "工程编号2026-03-07，合同号20261122001",
        "长1380米，投资1200.50万元",
        "12345热线我也打过",
        "110、119都不用",
        "统一社会信用代码91330521MA2B0000XX",
        "坐标120.0512,30.5401",
        "A12345号楼",
        "苏州路和浙江路口",
        "京东快递点旁边",
        "编号12345678901234567890",
        "10000000000元",
        "138000011112是单号",
        "第1期第2期第3期都没有动工",
        "G104国道K1380+500处",
        "3399010012号网格",
        wrong_digit.as_str(),
    ] {
        assert_eq!(find(words), [], "{words}");
        assert_eq!(mask(words), words);
    }
}

#[test]
fn a_finding_says_where_it_stands() {
    let found = find("老王电话138 0000 1111。");
    assert_eq!((found[0].text.as_str(), found[0].from, found[0].to), ("138 0000 1111", 4, 17));
    assert_eq!(mask("老王电话138 0000 1111。"), "老王电话＊＊＊＊＊＊＊＊＊＊＊＊＊。");
}
