//! JSON taken at its word: no depth past 64, no field twice, no field that is not known, and the field at fault named.

use serde::de::DeserializeOwned;

use super::problem::{Code, Problem};

const DEEPEST: usize = 64;

/// Reads a whole JSON text. Duplicate and unknown fields are refused by the body types themselves (`deny_unknown_fields`).
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    if std::str::from_utf8(bytes).is_err() {
        return Err(Problem::new(Code::BadRequest).saying("内容不是 UTF-8 编码", "The content is not UTF-8"));
    }
    if depth(bytes) > DEEPEST {
        return Err(Problem::new(Code::BadRequest).saying("内容嵌套过深", "The content is nested too deeply"));
    }
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        fault(&path, error.inner())
    })?;
    deserializer.end().map_err(|_| Problem::new(Code::BadRequest).saying("JSON 之后有多余的内容", "There is something after the JSON"))?;
    Ok(value)
}

fn depth(bytes: &[u8]) -> usize {
    let (mut depth, mut deepest, mut in_string, mut escaped) = (0_usize, 0, false, false);
    for byte in bytes {
        match (in_string, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (true, b'"') => in_string = false,
            (true, _) => {}
            (false, b'"') => in_string = true,
            (false, b'[' | b'{') => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            (false, b']' | b'}') => depth = depth.saturating_sub(1),
            (false, _) => {}
        }
    }
    deepest
}

fn fault(path: &str, error: &serde_json::Error) -> Problem {
    if error.is_syntax() || error.is_eof() {
        return Problem::new(Code::BadRequest).saying(
            format!("JSON 格式有误（第 {} 行第 {} 列）", error.line(), error.column()),
            format!("The JSON is malformed (line {}, column {})", error.line(), error.column()),
        );
    }
    let text = error.to_string();
    let message = text.split(" at line ").next().unwrap_or(&text);
    value_fault(path, message)
}

/// Turns serde's sentence about a value into a problem that names the field.
pub(super) fn value_fault(path: &str, message: &str) -> Problem {
    let path = if path == "." || path == "?" { "" } else { path };
    let quoted = message.split('`').nth(1).unwrap_or("");
    let within = |name: &str| {
        if path.is_empty() || path == name || path.ends_with(&format!(".{name}")) {
            if path.is_empty() { name.to_owned() } else { path.to_owned() }
        } else {
            format!("{path}.{name}")
        }
    };
    if message.starts_with("missing field") {
        return Problem::field(within(quoted), "required", format!("缺少“{quoted}”"), format!("“{quoted}” is missing"));
    }
    if message.starts_with("unknown field") {
        return Problem::field(within(quoted), "unknown", format!("不能填写“{quoted}”"), format!("“{quoted}” is not a field of this request"));
    }
    if message.starts_with("duplicate field") {
        return Problem::field(within(quoted), "duplicate", format!("“{quoted}”出现了两次"), format!("“{quoted}” appears twice"));
    }
    if message.starts_with("unknown variant") {
        return Problem::field(path, "unknown_value", format!("没有“{quoted}”这个选项"), format!("“{quoted}” is not one of the choices"));
    }
    let (code, zh, en) = match message.split_once('|') {
        // Words written by a body type of ours: `code|Chinese|English`.
        Some((code, words)) if !code.contains(' ') => {
            let (zh, en) = words.split_once('|').unwrap_or((words, words));
            (code, zh.to_owned(), en.to_owned())
        }
        _ => ("wrong_kind", "填写的内容类型或范围不对".to_owned(), "The value is of the wrong kind or out of range".to_owned()),
    };
    let field = if path.is_empty() { "body" } else { path };
    Problem::field(field, code, zh, en)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only the reading is tested")]
    struct Body {
        number: i64,
        inner: Option<Box<Body>>,
    }

    #[test]
    fn depth_is_counted_outside_of_strings() {
        assert_eq!(depth(br#"{"a":[[1]],"b":"[[[[\"[["}"#), 3);
        assert_eq!(depth("[".repeat(100_000).as_bytes()), 100_000);
    }

    #[test]
    fn malformed_and_surprising_texts_are_refused() {
        for text in [
            "",
            "{",
            "nul",
            "{\"number\":1}}",
            "{\"number\":1,\"number\":2}",
            "{\"number\":9223372036854775808}",
            "{\"number\":1e400}",
            "{\"number\":\"1\"}",
            "{\"other\":1,\"number\":1}",
            "[]",
            "{\"number\":NaN}",
            "\u{feff}{\"number\":1}",
        ] {
            assert!(read::<Body>(text.as_bytes()).is_err(), "{text}");
        }
        assert!(read::<Body>(b"{\"number\":1,\"inner\":{\"number\":2}}").is_ok());
        assert!(read::<Body>(b"\xff\xfe").is_err());
        assert!(read::<serde_json::Value>(format!("{}{}", "[".repeat(65), "]".repeat(65)).as_bytes()).is_err());
        assert!(read::<serde_json::Value>(format!("{}{}", "[".repeat(64), "]".repeat(64)).as_bytes()).is_ok());
    }
}
