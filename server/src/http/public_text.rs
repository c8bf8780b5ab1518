//! Words that everybody will read: the rules of [`Text`], and no number by which a person can be called or known.
//!
//! Sources: 个人信息保护法 (2021), articles 25 and 28: what identifies a person is not made public without their leave, which whoever
//! writes about them cannot give. Numbers of offices (landlines) and of vehicles pass; the page points them out before the words are sent.

use serde::{Deserialize, Deserializer, Serialize};

use super::private_numbers::{self, PrivateKind, PrivateNumber};
use super::text::Text;

/// As [`Text`]; refused with the code `personal_number` when a mobile telephone's or an identity card's number is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct PublicText<const LEAST: usize, const MOST: usize>(Text<LEAST, MOST>);

impl<const LEAST: usize, const MOST: usize> PublicText<LEAST, MOST> {
    /// `text` cleaned, when it is as long as it has to be and names no person.
    pub fn of(text: &str) -> Option<Self> {
        Text::of(text).filter(|text| number_of_a_person(text.as_str()).is_none()).map(Self)
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    pub fn into_string(self) -> String {
        self.0.into_string()
    }
}

fn number_of_a_person(words: &str) -> Option<PrivateNumber> {
    private_numbers::find(words)
        .into_iter()
        .find(|number| matches!(number.kind, PrivateKind::Mobile | PrivateKind::IdentityCard) && private_numbers::stands_by_itself(words, number))
}

impl<'de, const LEAST: usize, const MOST: usize> Deserialize<'de> for PublicText<LEAST, MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Text::deserialize(deserializer)?;
        match number_of_a_person(text.as_str()) {
            None => Ok(Self(text)),
            Some(number) => Err(serde::de::Error::custom(format!(
                "personal_number|这些内容会公开，请去掉其中的手机号码或身份证号（{0}）|Everybody will read this: take the telephone or identity number out ({0})",
                number.hint()
            ))),
        }
    }
}

impl<const LEAST: usize, const MOST: usize> utoipa::PartialSchema for PublicText<LEAST, MOST> {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        Text::<LEAST, MOST>::schema()
    }
}

impl<const LEAST: usize, const MOST: usize> utoipa::ToSchema for PublicText<LEAST, MOST> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_of_words_already_read_is_held_to_the_same() {
        assert_eq!(PublicText::<1, 10>::of("  核实 ").map(PublicText::into_string), Some("核实".to_owned()));
        assert_eq!(PublicText::<1, 20>::of("问13800001111"), None);
        assert_eq!(PublicText::<1, 20>::of(""), None);
    }

    fn read(words: &str) -> Result<PublicText<1, 100>, String> {
        serde_json::from_value(serde_json::json!(words)).map_err(|error| error.to_string())
    }

    #[test]
    fn a_persons_number_is_refused_and_named_by_its_ends_alone() {
        for words in [
            "联系人张工 13800001111",
            "手机：138-0000-1111",
            "（+86 139 0000 2222）",
            "１３９００００２２２２或0086-139-0000-2222",
            "身份证 110105194912310021X 或 11010519491231002X",
        ] {
            let fault = read(words).expect_err(words);
            assert!(fault.starts_with("personal_number|"), "{fault}");
            assert!(!fault.contains("00001111") && !fault.contains("1949"), "the refusal must not repeat the number: {fault}");
        }
        assert!(read("联系人 13800001111").expect_err("refused").contains("138…11"));
    }

    #[test]
    fn numbers_of_offices_and_works_and_the_rules_of_text_stay() {
        for words in [
            "服务电话 0572-8421133",
            "第 01a20941-7532-7991-8667-13ab5ff84d00 号",
            "合同 HT-139-0000-2222-A",
            "图号A13800001111",
            "合同号 2026-0713-001，投资 1380 万元",
            "车辆浙E12345 已清运",
            "K1+380 至 K2+000 段",
        ] {
            assert_eq!(read(words).map(PublicText::into_string), Ok(words.to_owned()));
        }
        assert!(read("").expect_err("too short").starts_with("required|"));
        assert!(read("a\u{0}").expect_err("control").starts_with("control_character|"));
    }
}
