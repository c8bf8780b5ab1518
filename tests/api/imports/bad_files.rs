//! More than a hundred files that must not come in: each is answered with an error that says what to do, none with a fault of ours.

use std::io::Write;

use harness::TestApp;
use serde_json::json;
use zip::write::SimpleFileOptions;

use super::{errors, sites_csv, upload, workbook};

struct BadFile {
    name: String,
    kind: &'static str,
    bytes: Vec<u8>,
}

fn bad(name: impl Into<String>, kind: &'static str, bytes: impl Into<Vec<u8>>) -> BadFile {
    BadFile { name: name.into(), kind, bytes: bytes.into() }
}

const COLUMNS: [&str; 12] =
    ["1", "新改扩建公办幼儿园", "新的点", "西河镇", "120.11", "30.22", "县教育局", "2026-03-01", "2026-12-20", "进行中", "80%", ""];

/// The usual row with one cell replaced.
fn row_with(column: usize, value: &str) -> String {
    let mut cells = COLUMNS.map(|cell| format!("\"{cell}\""));
    cells[column] = format!("\"{}\"", value.replace('"', "\"\""));
    cells.join(",")
}

/// One bad cell in an otherwise good row.
fn bad_cells() -> Vec<BadFile> {
    let long = |length: usize| "长".repeat(length);
    let mut cells: Vec<(usize, String)> = Vec::new();
    for number in ["0", "1000", "2"] {
        cells.push((0, number.to_owned()));
    }
    cells.extend([(1, "别的项目".to_owned()), (1, long(201)), (2, String::new()), (2, long(201)), (3, "没有这个镇".to_owned()), (3, long(101))]);
    for lon in [
        "",
        "abc",
        "NaN",
        "inf",
        "1e308",
        "-120.11",
        "0",
        "200",
        "30.22",
        "null",
        "undefined",
        "120.11.1",
        "120,30,1",
        "西经120.11",
        "=1+1",
        "12011",
        "120°70′",
        "北纬120.11",
    ] {
        cells.push((4, lon.to_owned()));
    }
    for lat in ["", "abc", "NaN", "-inf", "-30.22", "91", "120.11", "null", "2.9", "54.1", "30..22", "南纬30.22", "31.5"] {
        cells.push((5, lat.to_owned()));
    }
    cells.extend([(6, String::new()), (6, long(101))]);
    for date in ["2026-13-01", "2026-02-30", "尽快", "1899-01-01", "9999-12-31", "2026年13月", "-1", "1e10", "2027-06-01", "45"] {
        cells.push((7, date.to_owned()));
    }
    for date in ["2025-01-01", "以后", "2026/99/1", "NaN"] {
        cells.push((8, date.to_owned()));
    }
    for stage in ["详见附件", "?", "100"] {
        cells.push((9, stage.to_owned()));
    }
    for percent in ["120%", "-5%", "很快", "1e308", "NaN", "100.5%"] {
        cells.push((10, percent.to_owned()));
    }
    cells.push((11, long(2001)));
    let file = |(column, value): (usize, String)| bad(format!("cell {column}: {value:.30}"), "sites", sites_csv(&[&row_with(column, &value)]));
    cells.into_iter().map(file).collect()
}

/// Bytes that are no table, or too much of one.
fn bad_bytes() -> Vec<BadFile> {
    let row = row_with(2, "甲");
    let mut files = vec![
        bad("empty", "sites", ""),
        bad("nothing but blanks", "sites", " \r\n \n\t\n"),
        bad("NUL bytes", "sites", b"a,b\n\0\0\0,c\n".to_vec()),
        bad("no encoding", "sites", b"\xFF\xFF\xFF\x80,\x80\n".to_vec()),
        bad("cut GB18030", "sites", b"\xD0\xF2\xBA\xC5,\xCF".to_vec()),
        bad("PDF", "sites", "%PDF-1.7 ..."),
        bad("web page", "sites", "<html><table><tr><td>序号</td></tr></table></html>"),
        bad("old workbook", "sites", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and so on".to_vec()),
        bad("only a header", "sites", sites_csv(&[])),
        bad("only sums", "sites", sites_csv(&["合计,,3个,,,,,,,,,"])),
        bad("no header", "sites", row.clone()),
        bad("no names", "sites", "序号,项目名称,经度,纬度,责任单位\n1,甲,120,30,乙"),
        bad("no coordinates", "sites", "序号,项目名称,点位名称,责任单位\n1,甲,乙,丙"),
        bad("no unit", "sites", "序号,项目名称,点位名称,经度,纬度\n1,甲,乙,120.1,30.2"),
        bad("twice the same", "sites", sites_csv(&[&row, &row])),
        bad("too many rows", "sites", format!("{}\n", row_with(2, "甲")).repeat(20_001)),
        bad("too many columns", "sites", format!("{}x\n", ",".repeat(300))),
        bad("cell too long", "sites", sites_csv(&[&row_with(11, &"长".repeat(10_001))])),
        bad("a quote that never ends", "sites", format!("{}\n\"{}", sites_csv(&[]), "x,".repeat(6_000))),
        bad("no project above", "sites", sites_csv(&[",,甲,西河镇,120.1,30.2,县教育局,,,,,"])),
        bad("a person without a phone", "deputies", "姓名,手机\n张三,"),
        bad("a person with a landline", "deputies", "姓名,手机\n张三,0577-64756123"),
        bad("a person twice", "deputies", "姓名,手机\n张三,13800138000\n李四,138 0013 8000"),
        bad("a person of no level", "deputies", "姓名,手机,层级\n张三,13800138000,星际"),
        bad("a person of no station", "deputies", "姓名,手机,联络站\n张三,13800138000,月球联络站"),
        bad("a person for no site", "deputies", "姓名,手机,领办点位\n张三,13800138000,没有的点位"),
        bad("a station of no kind", "stations", "名称,类型,经度,纬度\n甲,飞船,120.1,30.2"),
        bad("a station nowhere", "stations", "名称,经度,纬度\n甲,,"),
        bad("a station twice", "stations", "名称,经度,纬度\n甲,120.1,30.2\n甲,120.1,30.2"),
        bad("boundaries as a table", "regions", "code,name\n339901003,甲"),
    ];
    for kind in ["sites", "stations", "regions", "grid_cells"] {
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
        for (name, text) in [
            ("an empty object", "{}"),
            ("an empty list", "[]"),
            ("half an object", "{\"type\":"),
            ("no features", r#"{"type":"FeatureCollection","features":[]}"#),
            ("deep", &deep),
        ] {
            files.push(bad(format!("{kind}: {name}"), kind, text));
        }
    }
    files
}

/// A workbook's parts, changed before they are packed again.
fn repacked(change: impl Fn(&str, Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let good = workbook(|sheet| {
        for (column, header) in ["序号", "项目名称", "点位名称", "经度", "纬度", "责任单位"].into_iter().enumerate() {
            sheet.write(0, column as u16, header).unwrap();
        }
    });
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(good)).expect("a workbook is an archive");
    let mut packed = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).expect("a part");
        let name = part.name().expect("a name").into_owned();
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut part, &mut content).expect("content");
        packed.start_file(&name, SimpleFileOptions::default()).expect("a part");
        packed.write_all(&change(&name, content)).expect("written");
    }
    packed.finish().expect("an archive").into_inner()
}

fn with_entity(content: Vec<u8>) -> Vec<u8> {
    let text = String::from_utf8(content).expect("XML");
    let (declaration, rest) = text.split_once("?>").expect("a declaration");
    format!("{declaration}?><!DOCTYPE x [<!ENTITY secret SYSTEM \"file:///etc/passwd\">]>{rest}").into_bytes()
}

/// Archives made to harm.
fn bad_archives() -> Vec<BadFile> {
    let sheet_xml = |name: &str| name.ends_with("sheet1.xml");
    let blanks = vec![b' '; 140 * 1024 * 1024];
    let bomb = repacked(|name, content| if sheet_xml(name) { [content, blanks.clone()].concat() } else { content });
    assert!(bomb.len() < 1024 * 1024, "small until unpacked");
    let mut files = vec![
        bad("a bomb", "sites", bomb),
        bad("an entity in the sheet", "sites", repacked(|name, content| if sheet_xml(name) { with_entity(content) } else { content })),
        bad("an entity in the workbook", "sites", repacked(|name, content| if name == "xl/workbook.xml" { with_entity(content) } else { content })),
        bad(
            "an entity in the strings",
            "sites",
            repacked(|name, content| if name.ends_with("sharedStrings.xml") { with_entity(content) } else { content }),
        ),
        bad("an empty sheet part", "sites", repacked(|name, content| if sheet_xml(name) { Vec::new() } else { content })),
        bad("no XML", "sites", repacked(|_, _| b"not XML at all".to_vec())),
        bad(
            "a cell at the end of the world",
            "sites",
            workbook(|sheet| {
                sheet.write(1_048_575, 16_383, "远").unwrap();
            }),
        ),
        bad(
            "no header in the workbook",
            "sites",
            workbook(|sheet| {
                sheet.write(0, 0, "甲").unwrap();
            }),
        ),
    ];
    let mut many = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for index in 0..2_500 {
        many.start_file(format!("part{index}.xml"), SimpleFileOptions::default()).expect("a part");
    }
    files.push(bad("thousands of parts", "sites", many.finish().expect("an archive").into_inner()));
    let good = repacked(|_, content| content);
    for percent in (0..100).step_by(5) {
        files.push(bad(
            format!("cut at {percent}%"),
            "sites",
            [b"PK\x03\x04".as_slice(), &good[4.min(good.len())..good.len() * percent / 100 + 4]].concat(),
        ));
    }
    files
}

fn polygon(code: &str, name: &str, rings: serde_json::Value) -> String {
    let feature = json!({"type": "Feature", "properties": {"code": code, "name": name}, "geometry": {"type": "Polygon", "coordinates": rings}});
    json!({"type": "FeatureCollection", "features": [feature]}).to_string()
}

fn bad_boundaries() -> Vec<BadFile> {
    let square = json!([[[120.0, 30.0], [120.1, 30.0], [120.1, 30.1], [120.0, 30.1], [120.0, 30.0]]]);
    let file = |name: &str, rings| bad(name, "regions", polygon("339901003", "甲", rings));
    vec![
        file("a bow tie", json!([[[120.0, 30.0], [120.1, 30.1], [120.1, 30.0], [120.0, 30.1], [120.0, 30.0]]])),
        file("unclosed", json!([[[120.0, 30.0], [120.1, 30.0], [120.1, 30.1], [120.0, 30.1]]])),
        file("three points", json!([[[120.0, 30.0], [120.1, 30.0], [120.0, 30.0]]])),
        file("no area", json!([[[120.0, 30.0], [120.1, 30.1], [120.2, 30.2], [120.0, 30.0]]])),
        file("no rings", json!([])),
        file("swapped", json!([[[30.0, 120.0], [30.0, 120.1], [30.1, 120.1], [30.0, 120.0]]])),
        file("abroad", json!([[[2.0, 48.0], [2.1, 48.0], [2.1, 48.1], [2.0, 48.0]]])),
        file("across the date line", json!([[[179.0, 30.0], [-179.0, 30.0], [-179.0, 31.0], [179.0, 30.0]]])),
        file("a hole outside", json!([square[0], [[120.2, 30.0], [120.2, 30.1], [120.3, 30.1], [120.2, 30.0]]])),
        file("words for numbers", json!([[["120", "30"], ["120.1", "30"], ["120.1", "30.1"], ["120", "30"]]])),
        bad("no code", "regions", polygon("", "甲", square.clone())),
        bad("no division code", "regions", polygon("12345", "甲", square.clone())),
        bad("another county's code", "regions", polygon("339902003", "甲", square.clone())),
        bad("no name", "regions", polygon("339901003", "", square.clone())),
        bad("a cell without code", "grid_cells", polygon("", "甲", square)),
    ]
}

#[tokio::test]
async fn a_hundred_bad_files_are_refused_in_words_and_leave_nothing_behind() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let files: Vec<BadFile> = [bad_cells(), bad_bytes(), bad_archives(), bad_boundaries()].into_iter().flatten().collect();
    assert!(files.len() >= 150, "{}", files.len());
    for file in files {
        let import = upload(&committee, &format!("kind={}&year=2026", file.kind), file.bytes).await;
        assert_eq!(import["can_confirm"], false, "{}: {import:#}", file.name);
        assert!(!errors(&import).is_empty(), "{}: {import:#}", file.name);
        for finding in import["findings"].as_array().expect("findings") {
            assert!(finding["message"].as_str().is_some_and(|message| message.chars().count() > 4), "{}: {finding}", file.name);
        }
    }
    let sites: i64 = sqlx::query_scalar("select count(*) from sites").fetch_one(&app.pool).await.expect("a count");
    assert_eq!(sites, 5, "the world's own");
}

#[tokio::test]
async fn a_workbook_with_any_bit_flipped_never_breaks_the_server() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    let good = repacked(|_, content| content);
    for index in 0..60 {
        let mut flipped = good.clone();
        let place = 4 + index * (good.len() - 5) / 60;
        flipped[place] ^= 1 << (index % 8);
        let import = upload(&committee, "kind=sites&year=2026", flipped).await;
        assert!(!errors(&import).is_empty(), "the good file has no rows, so no flip makes it importable");
    }
}
