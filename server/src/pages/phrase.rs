//! A sentence in both languages, and the macro that makes a typed dictionary of them: a misspelt name does not compile.

use std::fmt::Display;

use crate::http::Language;

/// One sentence in Chinese and in English, with `{name}` where something is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Phrase {
    pub zh: &'static str,
    pub en: &'static str,
}

impl Phrase {
    pub fn in_language(self, language: Language) -> &'static str {
        match language {
            Language::Chinese => self.zh,
            Language::English => self.en,
        }
    }

    /// The sentence with its `{name}` places filled.
    pub fn filled(self, language: Language, values: &[(&str, &dyn Display)]) -> String {
        let mut rest = self.in_language(language);
        let mut filled = String::with_capacity(rest.len() + 16);
        // Taken apart once from the left, so that a filled-in value is never itself taken for a place.
        while let Some((before, after)) = rest.split_once('{') {
            let (name, behind) = after.split_once('}').unwrap_or((after, ""));
            filled.push_str(before);
            if let Some((_, value)) = values.iter().find(|(known, _)| *known == name) {
                filled.push_str(&value.to_string());
            }
            rest = behind;
        }
        filled.push_str(rest);
        filled
    }
}

/// Declares phrases: `NAME = "Chinese", "English";`. A test holds both to the same places.
macro_rules! phrases {
    ($($name:ident = $zh:literal, $en:literal;)*) => {
        $(pub const $name: $crate::pages::phrase::Phrase = $crate::pages::phrase::Phrase { zh: $zh, en: $en };)*

        #[cfg(test)]
        mod both_languages {
            #[test]
            fn say_the_same_places() {
                $($crate::pages::phrase::tests::assert_same_places(super::$name);)*
            }
        }
    };
}
pub(crate) use phrases;

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn assert_same_places(phrase: Phrase) {
        let places = |text: &str| {
            let mut names: Vec<String> = text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name.to_owned()).collect();
            names.sort();
            names
        };
        assert!(!phrase.zh.is_empty() && !phrase.en.is_empty());
        assert_eq!(places(phrase.zh), places(phrase.en), "{phrase:?}");
    }

    #[test]
    fn a_filled_in_value_is_not_taken_for_a_place() {
        let phrase = Phrase { zh: "{name} 有 {count} 处", en: "{count} at {name}" };
        let values: &[(&str, &dyn Display)] = &[("name", &"{count}"), ("count", &3)];
        assert_eq!(phrase.filled(Language::Chinese, values), "{count} 有 3 处");
        assert_eq!(phrase.filled(Language::English, values), "3 at {count}");
    }
}
