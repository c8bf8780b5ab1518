//! The base map through our own server: the key stays there, only the county's surroundings are handed on, and a service that misbehaves
//! costs a tile and nothing else.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use geodata::LonLat;
use geodata::tile::{Tile, morton_of};
use harness::TestApp;
use minsheng_map::basemap::Basemap;
use minsheng_map::config::{BasemapKind, Settings};
use pmtiles::{PmTilesWriter, TileCoord, TileType};
use serde_json::json;

use crate::calls::picture;

const KEY: &str = "tk 秘&密=1";
const ESCAPED_KEY: &str = "tk=tk+%E7%A7%98%26%E5%AF%86%3D1";

/// A service of tiles as an operator might meet it.
#[derive(Clone)]
struct Stub {
    origin: String,
    mood: Arc<Mutex<&'static str>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Stub {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let stub = Self { origin, mood: Arc::new(Mutex::new("good")), asked: Arc::default() };
        let router = Router::new().fallback(answer).with_state(stub.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        stub
    }

    fn is(&self, mood: &'static str) {
        *self.mood.lock().expect("the mood") = mood;
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().expect("the log"))
    }
}

async fn answer(State(stub): State<Stub>, request: Request) -> Response {
    stub.asked.lock().expect("the log").push(request.uri().to_string());
    let mood = *stub.mood.lock().expect("the mood");
    let png = [(header::CONTENT_TYPE, "image/png")];
    match mood {
        "good" => (png, picture(90)).into_response(),
        "slow" => {
            tokio::time::sleep(Duration::from_secs(30)).await;
            (png, picture(90)).into_response()
        }
        "huge" => (png, [picture(90), vec![0; 3 << 20]].concat()).into_response(),
        "endless" => {
            let piece = || Ok::<_, std::convert::Infallible>(axum::body::Bytes::from(vec![0xff; 65_536]));
            (png, Body::from_stream(tokio_stream::iter(std::iter::repeat_with(piece)))).into_response()
        }
        "a page that calls itself a picture" => (png, "<html><script>alert(1)</script>").into_response(),
        "nothing" => (png, "").into_response(),
        "elsewhere" => (StatusCode::FOUND, [(header::LOCATION, format!("{}/trap", stub.origin))]).into_response(),
        "metadata" => (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, "http://169.254.169.254/latest/meta-data/")]).into_response(),
        "forbidden" => (StatusCode::FORBIDDEN, "invalid tk").into_response(),
        "missing" => StatusCode::NOT_FOUND.into_response(),
        _ => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn with_tianditu(stub: &Stub) -> TestApp {
    let origin = stub.origin.clone();
    TestApp::start_with(move |settings| {
        settings.basemap_kind = BasemapKind::Tianditu;
        settings.basemap_url = Some(origin);
        settings.basemap_key = Some(KEY.to_owned());
        settings.basemap_attribution = "天地图".to_owned();
        settings.basemap_max_zoom = 16;
    })
    .await
}

/// The address of the tile in the middle of the small county.
fn tile(layer: &str, z: u8) -> String {
    let tile = Tile::containing(morton_of(LonLat::new(120.2, 30.2).expect("a position")), z);
    format!("/basemap/{layer}/{z}/{}/{}", tile.x(), tile.y())
}

#[tokio::test]
async fn a_tile_is_asked_for_with_the_key_which_no_page_sees() {
    let stub = Stub::start().await;
    let app = with_tianditu(&stub).await;
    for (layer, name) in [("vec_w", "vec"), ("cva_w", "cva")] {
        let answer = app.visitor().get(&tile(layer, 10)).await.expect(200);
        assert_eq!((answer.header("content-type"), answer.header("cache-control")), ("image/jpeg", "no-store"), "the type is read from the bytes");
        assert_eq!(answer.bytes, picture(90));
        let asked = stub.asked().join("\n");
        for part in [&format!("/{layer}/wmts?SERVICE=WMTS"), &format!("&LAYER={name}&"), "&TILEMATRIX=10&TILEROW=", "&TILECOL=853&", ESCAPED_KEY] {
            assert!(asked.contains(part), "{part} in {asked}");
        }
    }
    let county = app.visitor().get("/api/county").await.expect(200);
    assert_eq!(
        county.json()["basemap"],
        json!({"kind": "tianditu", "form": "raster", "layers": ["vec_w"], "label_layers": ["cva_w"], "min_zoom": 1, "max_zoom": 16,
            "opacity": 0.6, "attribution": "天地图"})
    );
    assert!(!county.text().contains("秘") && !county.text().contains(&stub.origin));
    assert!(!format!("{:?}", app.platform.settings.without_secrets()).contains('秘'));
}

#[tokio::test]
async fn only_the_countys_surroundings_are_handed_on() {
    let stub = Stub::start().await;
    let app = with_tianditu(&stub).await;
    let far = ["/basemap/vec_w/10/0/0", "/basemap/vec_w/10/853/200", "/basemap/vec_w/16/1/1", "/basemap/vec_w/1/0/0"];
    let wrong =
        ["/basemap/vec_w/0/0/0", "/basemap/vec_w/30/1/1", "/basemap/vec_w/10/4294967295/1", "/basemap/vec_w/-1/0/0", "/basemap/vec_w/10/853/x"];
    let other_layers = [tile("img_w", 10), tile("vec_w%2f..", 10), tile("..", 10), tile("vec", 10), tile("vec_w", 17), tile("trap?x=", 10)];
    for path in far.into_iter().chain(wrong).map(str::to_owned).chain(other_layers) {
        let answer = app.visitor().get(&path).await.expect(404);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
    }
    assert_eq!(stub.asked(), Vec::<String>::new(), "the service heard of none of it");
    app.visitor().get(&tile("vec_w", 16)).await.expect(200);
}

#[tokio::test]
async fn a_service_that_misbehaves_costs_a_tile_and_nothing_else() {
    let stub = Stub::start().await;
    let app = with_tianditu(&stub).await;
    let moods = ["huge", "endless", "a page that calls itself a picture", "nothing", "elsewhere", "metadata", "forbidden", "broken"];
    for mood in moods {
        stub.is(mood);
        let answer = app.visitor().get(&tile("vec_w", 12)).await.expect(502);
        assert_eq!((answer.header("content-type"), answer.code().as_str()), ("application/problem+json", "bad_upstream"), "{mood}");
        assert!(!answer.text().contains("wmts") && !answer.text().contains("127.0.0.1"), "{mood}: {}", answer.text());
        assert!(stub.asked().iter().all(|asked| !asked.contains("trap")), "nobody is followed elsewhere");
    }
    stub.is("missing");
    app.visitor().get(&tile("vec_w", 12)).await.expect(404);
    stub.is("slow");
    let began = Instant::now();
    let parallel: Vec<_> = (0..40)
        .map(|_| {
            let visitor = app.visitor();
            tokio::spawn(async move { visitor.get(&tile("vec_w", 12)).await.status.as_u16() })
        })
        .collect();
    for answer in parallel {
        assert!(matches!(answer.await.expect("an answer"), 502 | 503));
    }
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    stub.is("good");
    app.visitor().get(&tile("vec_w", 12)).await.expect(200);
}

#[tokio::test]
async fn any_picture_tiles_may_lie_under_the_county() {
    let stub = Stub::start().await;
    let address = format!("{}/tiles/{{z}}/{{x}}/{{y}}.png?apikey={{key}}", stub.origin);
    let app = TestApp::start_with(move |settings| {
        settings.basemap_kind = BasemapKind::Xyz;
        settings.basemap_url = Some(address);
        settings.basemap_key = Some("k".to_owned());
        settings.basemap_attribution = "© 某图".to_owned();
        settings.basemap_browser_cache = true;
    })
    .await;
    let answer = app.visitor().get(&tile("xyz", 11)).await.expect(200);
    assert_eq!(answer.header("cache-control"), "public, max-age=86400", "only because the operator says that it may be kept");
    assert!(stub.asked()[0].starts_with("/tiles/11/") && stub.asked().is_empty());
}

/// A PMTiles file with one tile in the middle of the county.
fn archive(folder: &std::path::Path, kind: TileType, content: &[u8]) -> std::path::PathBuf {
    let path = folder.join("county.pmtiles");
    let file = std::fs::File::create(&path).expect("a file");
    let mut writer = PmTilesWriter::new(kind).min_zoom(4).max_zoom(14).create(file).expect("a writer");
    let tile = Tile::containing(morton_of(LonLat::new(120.2, 30.2).expect("a position")), 10);
    writer.add_tile(TileCoord::new(10, tile.x(), tile.y()).expect("a place"), content).expect("a tile");
    writer.finalize().expect("a whole file");
    path
}

#[tokio::test]
async fn a_file_of_tiles_is_served_as_it_is_packed() {
    let folder = std::env::temp_dir().join(format!("minsheng-basemap-{}", uuid::Uuid::new_v4().simple()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let shade = picture(120);
    for (kind, content, media_type, encoding, form) in [
        (TileType::Jpeg, shade.as_slice(), "image/jpeg", "", "raster"),
        (TileType::Mvt, b"earth".as_slice(), "application/vnd.mapbox-vector-tile", "gzip", "vector"),
    ] {
        let path = archive(&folder, kind, content);
        let app = TestApp::start_with(move |settings| {
            settings.basemap_kind = BasemapKind::Pmtiles;
            settings.basemap_file = Some(path);
            settings.basemap_attribution = "© OpenStreetMap".to_owned();
        })
        .await;
        let basemap = app.visitor().get("/api/county").await.expect(200).json()["basemap"].clone();
        assert_eq!((&basemap["form"], &basemap["min_zoom"], &basemap["max_zoom"]), (&json!(form), &json!(4), &json!(14)));
        let answer = app.visitor().get(&tile("pmtiles", 10)).await.expect(200);
        assert_eq!((answer.header("content-type"), answer.header("content-encoding")), (media_type, encoding));
        assert_eq!(answer.bytes.starts_with(&[0x1f, 0x8b]), encoding == "gzip");
        app.visitor().get(&tile("pmtiles", 11)).await.expect(404);
        app.visitor().get(&tile("pmtiles", 15)).await.expect(404);
    }
    std::fs::remove_dir_all(folder).expect("removed");
}

#[tokio::test]
async fn a_server_whose_base_map_cannot_be_shown_does_not_start() {
    let refusal = async |change: fn(&mut Settings)| {
        let mut settings = Settings::defaults();
        settings.basemap_kind = BasemapKind::Xyz;
        settings.basemap_attribution = "© 某图".to_owned();
        settings.basemap_url = Some("https://tiles.example/{z}/{x}/{y}.png".to_owned());
        change(&mut settings);
        match Basemap::open(&settings).await {
            Ok(_) => String::new(),
            Err(error) => format!("{error:#}"),
        }
    };
    assert_eq!(refusal(|_| {}).await, "");
    assert_eq!(refusal(|settings| settings.basemap_kind = BasemapKind::County).await, "");
    type Change = fn(&mut Settings);
    let cases: [(Change, &str); 8] = [
        (|settings| settings.basemap_attribution.clear(), "basemap_attribution"),
        (|settings| settings.basemap_attribution = " ".to_owned(), "basemap_attribution"),
        (|settings| settings.basemap_url = None, "basemap_url"),
        (|settings| settings.basemap_url = Some("https://tiles.example/{z}/{x}.png".to_owned()), "{y}"),
        (|settings| settings.basemap_url = Some("http://tiles.example/{z}/{x}/{y}".to_owned()), "https"),
        (|settings| settings.basemap_url = Some("http://169.254.169.254/{z}/{x}/{y}".to_owned()), "https"),
        (|settings| settings.basemap_kind = BasemapKind::Tianditu, "basemap_key"),
        (|settings| settings.basemap_kind = BasemapKind::Pmtiles, "basemap_file"),
    ];
    for (change, word) in cases {
        let told = refusal(change).await;
        assert!(told.contains(word), "{word} in {told:?}");
    }
    let mut settings = Settings::defaults();
    settings.basemap_kind = BasemapKind::Pmtiles;
    settings.basemap_attribution = "© 某图".to_owned();
    let file = std::env::temp_dir().join(format!("minsheng-basemap-{}.pmtiles", uuid::Uuid::new_v4().simple()));
    std::fs::write(&file, [b"PMTiles\x03".as_slice(), &[0xff; 400]].concat()).expect("a broken file");
    settings.basemap_file = Some(file.clone());
    assert!(Basemap::open(&settings).await.is_err());
    std::fs::remove_file(file).expect("removed");
}
