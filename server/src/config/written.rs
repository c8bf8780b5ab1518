//! The settings as the README's table and as the example file.

use super::SETTINGS;

/// The settings as a Markdown table, for the README.
pub fn settings_table() -> String {
    let mut table = String::from("| setting | environment | default | meaning |\n|---|---|---|---|\n");
    for row in SETTINGS {
        let default = if row.default.is_empty() { String::new() } else { format!("`{}`", row.default) };
        table.push_str(&format!("| `{}` | `{}` | {} | {} |\n", row.name, row.variable, default, row.meaning.trim()));
    }
    table
}

/// The example settings file: every setting, commented out, with its default.
pub fn example_file() -> String {
    let mut file = String::from("# Settings of Minsheng Map. Environment variables go before this file.\n");
    for row in SETTINGS {
        let plain = row.default.parse::<u64>().is_ok() || row.default.parse::<bool>().is_ok();
        let value = if plain { row.default.to_owned() } else { format!("{:?}", row.default) };
        file.push_str(&format!("\n# {}\n# {}\n# {} = {}\n", row.meaning.trim(), row.variable, row.name, value));
    }
    file
}
