//! One valid call for every route of the interface description, about things in the western township. A route without a call ends the
//! tests that walk over all of them.

use std::collections::BTreeSet;

use harness::{Answer, Client, EAST, PASSWORD, TestApp, WEST};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

mod things;

pub use things::{Things, waiting_export};

/// What a call sends.
#[derive(Debug, Clone)]
pub enum Content {
    Nothing,
    Json(Value),
    Bytes(Vec<u8>),
    /// Text of a kind of its own.
    Text(&'static str, String),
}

/// A call that the right person may make.
#[derive(Debug, Clone)]
pub struct Call {
    pub method: Method,
    pub path: String,
    pub content: Content,
}

impl Call {
    pub async fn send(&self, client: &Client) -> Answer {
        let request = self.on(client.request(self.method.clone(), &self.path));
        // A stream of events never ends; its head is the whole answer.
        if self.path == "/api/events" {
            let response = request.send().await.expect("the server answers");
            return Answer { status: response.status(), headers: response.headers().clone(), bytes: Vec::new() };
        }
        Answer::of(request).await
    }

    /// The call's content and key put on a request that names the same route.
    pub fn on(&self, request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        let request = request.header("idempotency-key", Uuid::new_v4().to_string());
        match &self.content {
            Content::Nothing => request,
            Content::Json(body) => request.json(body),
            Content::Bytes(bytes) => request.body(bytes.clone()),
            Content::Text(kind, text) => request.header("content-type", *kind).body(text.clone()),
        }
    }
}

impl Things {
    /// A call of `route`, such as `POST /api/sites/{id}/reopen`.
    pub fn call(&self, route: &str) -> Call {
        let (method, template) = route.split_once(' ').expect("a method and a path");
        let id = match template.split('/').nth(2).unwrap_or("") {
            "accounts" if template.ends_with("/invitation") => self.invited_account.to_string(),
            "accounts" => self.account.to_string(),
            "deputies" => self.deputy.to_string(),
            "reports" if template.ends_with("/objection") => self.entered.to_string(),
            "county-setting-proposals" => self.setting_proposal.to_string(),
            "strike-off-proposals" => self.proposal.to_string(),
            "reports" if method == "PUT" => Uuid::new_v4().to_string(),
            "reports" => self.report.to_string(),
            "me" => self.notice.to_string(),
            "sessions" => self.session.to_string(),
            "imports" => self.import.clone(),
            "supervision-orders" => self.order.to_string(),
            "invitations" => self.invitation.to_string(),
            "duty-contests" => self.contest.to_string(),
            "month-exceptions" => self.exception.to_string(),
            "desk-exports" if method == "POST" => self.waiting_export.clone(),
            "desk-exports" => self.desk_export.clone(),
            "reminders" => self.held_reminder.clone(),
            "projects" => self.project.to_string(),
            "units" => self.idle_unit.to_string(),
            "deputy-groups" if method == "DELETE" => self.spare_group.to_string(),
            "deputy-groups" => self.idle_group.to_string(),
            "stations" => self.station.to_string(),
            "terms" => self.term.to_string(),
            _ => self.site.to_string(),
        };
        if template == "/portraits/{sha256}" {
            return Call { method: Method::GET, path: self.portrait.clone(), content: Content::Nothing };
        }
        // Only a final month takes corrections.
        let month = if route.ends_with("/corrections") { "2026-09" } else { "2026-10" };
        let path = template
            .replace("{id}", &id)
            .replace("{report_id}", &Uuid::new_v4().to_string())
            .replace("{number}", &self.challenge)
            .replace("{sha256}", &self.picture_name)
            .replace("{month}", month)
            .replace("{file}", "sites.csv")
            .replace("{code}", WEST);
        let path = path
            .replace("{layers}/{z}/{x}/{y}", "sites/8/213/105")
            .replace("{document}", "sites.json")
            .replace("{layer}/{z}/{x}/{y}", "vec_w/10/853/421");
        let path = path.replace("{collection}", "sites").replace("{feature}", &self.site.to_string());
        let query = match route {
            "POST /api/imports" => "?kind=sites&file_name=sites.csv",
            "GET /api/term-adoptions" | "GET /api/term-deputies" => "?term=16",
            "GET /api/region-mergers/preview" => "?from=339901001&into=339901002",
            "GET /api/plan/place" => "?lon=120.11&lat=30.21",
            _ => "",
        };
        Call { method: method.parse().expect("a method"), path: format!("{path}{query}"), content: self.content(route) }
    }

    fn content(&self, route: &str) -> Content {
        let rev = 2;
        Content::Json(match route {
            "POST /api/accounts" => json!({"login": format!("new-{}", Uuid::new_v4().simple()), "name": "新人", "password": PASSWORD,
                "grants": [{"role": "working_committee", "region": WEST}]}),
            "PUT /api/accounts/{id}" => {
                json!({"name": "新名", "grants": [{"role": "deputy", "region": WEST, "deputy_id": self.account_deputy}], "rev": 1})
            }
            "POST /api/accounts/{id}/password" => json!({"password": "另一个相当长的口令没有人猜得到"}),
            "PUT /api/me/notice-preferences" => json!({"items": []}),
            "PUT /api/me/notice-phone" | "PUT /api/accounts/{id}/notice-phone" => json!({"phone": "13900000077"}),
            "POST /api/me/mail-address" => json!({"address": "name@example.org"}),
            "POST /api/me/mail-address/confirmation" => json!({"code": "123456"}),
            "POST /api/deliveries/again" => json!({"ids": [self.dead_letter]}),
            "PUT /api/me/password" => json!({"old_password": PASSWORD, "password": "换过一次的口令也要足够长才行"}),
            "POST /api/me/second-factor" => json!({"password": PASSWORD}),
            "POST /api/me/second-factor/removal" => json!({"password": PASSWORD, "code": "123456"}),
            "POST /api/me/second-factor/confirmation" | "POST /api/session/code" | "PUT /api/session/factor" => json!({"code": "123456"}),
            "POST /api/session/password" => json!({"password": "换过一次的口令也要足够长才行"}),
            "POST /api/accounts/{id}/refuse" => json!({"reason": "没有任命文件"}),
            "POST /api/sign-in-locks/release" => json!({"login": "deputy2"}),
            "POST /api/me/duty-contests" => json!({"report_id": self.report, "words": "照片是当天拍的"}),
            "POST /api/reporting-months/{month}/reminders" => json!({"reach": {}, "words": "请尽快反馈"}),
            "POST /api/reporting-months/{month}/corrections" => json!({"site_id": null, "stage": null, "percent": null, "words": "附件有误"}),
            "POST /api/month-exceptions" => json!({"deputy": self.deputy, "month": "2026-12", "kind": "leave", "reason": "出国"}),
            "POST /api/month-exceptions/{id}/undo" => json!({"reason": "行程取消"}),
            "POST /api/desk-exports" => json!({"wanted": {"list": "month_reports"}, "format": "csv", "reason": "主任会议材料"}),
            "PUT /api/county-settings" => {
                json!({"figures": {"grace_days": 7, "offline_hours": 72, "stale_days": 40, "off_site_m": 500, "minimum_ranked": 5,
                "month_reminder_days": 3, "month_reminder_hour": 9, "offer_reminder_days": 3, "offer_reminder_hour": 9, "order_prefix": "",
                "order_rise_hour": 8, "order_reminder_days": 3, "key_supervision_days": 7, "special_inquiry_days": 15, "strike_off_persons": 1,
                "personal_export_rows": 1000, "personal_export_hours": 24}, "reason": "主任会议决定", "rev": 1})
            }
            "POST /api/duty-rules" => json!({"effective_from": "2026-10-20", "inspection": 5, "on_time": 2, "evidence": 1, "on_site": 2, "note": ""}),
            "POST /api/duty-contests/{id}/answer" => json!({"answer": "已核对", "points": 2}),
            "POST /api/account-invitations" => json!({"accounts": [self.invited_account], "valid_days": 30}),
            "POST /api/invitations" => json!({"deputies": [self.deputy], "valid_days": 30}),
            "POST /api/invitations/lookup" => json!({"token": self.token}),
            "POST /api/invitations/redemption" => json!({"token": self.token, "phone": "13900000002", "password": PASSWORD}),
            "PUT /api/deputies/{id}/phone" => json!({"phone": "139 0000 0009"}),
            "POST /api/password-codes" => json!({"phone": "13900000001"}),
            "POST /api/password-codes/redemption" => json!({"phone": "13900000001", "code": "123456", "password": PASSWORD}),
            "POST /api/session" => json!({"login": "keeper", "password": PASSWORD}),
            "POST /api/desk-exports/{id}/withdraw" => json!({"words": "用途不明"}),
            "POST /api/reminders/{id}/undo" => json!({}),
            "POST /api/review/acts" => {
                json!({"act": "correct", "rows": [{"site_id": self.site, "rev": rev}], "words": "核实", "stage": "in_progress",
                "percent": 60})
            }
            "POST /api/reminders" => json!({"site_ids": [self.site], "to": "adopters", "words": "请到现场查看"}),
            "POST /api/reports/{id}/return" => json!({"reason": "照片不是这个点位"}),
            "POST /api/reports/{id}/objection" => json!({"reason": "我没有说已经开工"}),
            "PUT /api/deputies/{id}/reports/{report_id}" => json!({"came_by": "telephone", "report": {"site_id": self.site, "stage": "in_progress",
                "percent": 72, "words": "电话反馈：路面已铺完", "photos": [], "written_at": "2026-10-20T08:58:00+08:00"}}),
            "POST /api/supervision-orders/{id}/answer-for-unit" => {
                json!({"came_by": "paper", "answer": {"words": "来函：已复工", "proposed_due_on": null, "photos": []}})
            }
            "POST /api/strike-off-proposals/{id}/confirm" => json!({"rev": rev}),
            "POST /api/strike-off-proposals/{id}/withdraw" => json!({"words": "排水沟尚未接通"}),
            "POST /api/sites/{id}/challenges" => json!({"seen": "not_started", "words": "现场还没有开工", "photos": [], "position": null,
                "website": "", "filled_ms": 30_000}),
            "POST /api/challenges/{number}/acceptance" => json!({"words": "请到现场核实", "rev": rev}),
            "POST /api/challenges/{number}/publication" => json!({"words": true, "photos": false, "edited_words": null, "rev": rev}),
            "POST /api/challenges/{number}/declination" => json!({"reason": "与点位无关", "rev": rev}),
            "POST /api/challenges/{number}/judgement" => json!({"founded": false, "reason": "已经开工", "consequence": "none", "stage": null,
                "percent": null, "site_rev": rev, "rev": rev}),
            "PUT /api/sites/{id}/key-site" => json!({"key_site": false, "reason": "县直接督办", "rev": rev}),
            "POST /api/sites/{id}/adopters" => {
                json!({"from_deputy_id": self.deputy, "to_deputy_id": null, "reason": "illness", "words": "经本人同意",
                "rev": rev})
            }
            "POST /api/sites/{id}/strike-off" | "POST /api/sites/{id}/strike-off-proposal" => json!({"note": "验收", "rev": rev}),
            "POST /api/sites/{id}/reopen" => json!({"reason": "尚未通水", "rev": rev}),
            "POST /api/sites/{id}/correction" => json!({"stage": "in_progress", "percent": 60, "reason": "核实", "rev": rev}),
            "POST /api/review/dismissals" => json!({"site_ids": [self.site], "reason": "off_site", "words": "便道封闭，情况属实"}),
            "POST /api/review/dismissals/undo" => json!({"ids": [self.dismissal]}),
            "PUT /api/me/review-views" => json!({"items": [{"name": "三十天以上", "query": "days=30", "columns": ["reasons"]}], "rev": 0}),
            "POST /api/supervision-orders" => order_about(self.site, self.unit),
            "POST /api/supervision-orders/{id}/answer" => json!({"words": "已复工", "proposed_due_on": null, "photos": [self.picture_name]}),
            "POST /api/supervision-orders/{id}/accept" | "POST /api/supervision-orders/{id}/agree-date" => json!({"words": "", "rev": rev}),
            "POST /api/supervision-orders/{id}/withdrawal" => json!({"reason": "承办单位有误", "rev": rev}),
            "POST /api/county-setting-proposals/{id}/withdraw" => json!({"words": "仍由两人办理"}),
            "POST /api/supervision-orders/{id}/send-back" => json!({"reason": "未附计划", "due_on": "2026-11-20", "rev": rev}),
            "PUT /api/reports/{id}" => json!({"site_id": self.site, "stage": "in_progress", "percent": 70, "words": "路面已铺完", "problems": [],
                "photos": [self.picture_name], "written_at": "2026-10-20T08:55:00+08:00", "position": null, "step_back_reason": null}),
            "PUT /api/reports" => {
                let report = json!({"site_id": self.site, "stage": "in_progress", "percent": 75, "photos": [self.picture_name],
                    "written_at": "2026-10-20T08:56:00+08:00"});
                json!({"items": [{"id": Uuid::new_v4(), "report": report}]})
            }
            "POST /api/offers" => json!({"site_ids": [self.site], "places": 2, "words": "", "for_region": WEST}),
            "POST /api/offers/withdrawal" => json!({"site_ids": [self.site]}),
            "POST /api/projects" => json!({"year": 2026, "number": 77, "title": "农村饮水提升", "lead_unit_id": self.unit}),
            "PUT /api/projects/{id}" => json!({"number": 1, "title": "新改扩建幼儿园", "lead_unit_id": self.unit, "reason": "错字", "rev": 1}),
            "POST /api/deputies" => json!({"name": "戊代表", "level": "county", "constituency": "西河镇第三选区", "in_region": WEST}),
            "PUT /api/deputies/{id}" => {
                json!({"name": "甲代表", "level": "county", "constituency": "西河镇第一选区", "in_region": WEST, "phone": "13900000001",
                "reason": "补选区", "rev": 99})
            }
            "POST /api/deputies/{id}/end" => json!({"because": "moved", "words": "迁出本县", "rev": 99}),
            "POST /api/deputies/{id}/reinstatement" => json!({"reason": "登记有误", "rev": 99}),
            "POST /api/deputy-groups" => json!({"name": format!("小组{}", Uuid::new_v4().simple()), "theme": "教育"}),
            "PUT /api/deputy-groups/{id}" => json!({"name": "养老小组", "theme": "养老", "reason": "改名", "rev": 1}),
            "POST /api/stations" => {
                json!({"code": format!("S-{}", Uuid::new_v4().simple()), "name": "西河联络点", "kind": "point", "integrity_monitoring": false,
                "address": "", "telephone": "", "opening_hours": "", "position": {"lon": 120.11, "lat": 30.21}})
            }
            "PUT /api/stations/{id}" => json!({"name": "西河镇代表联络站", "kind": "station", "integrity_monitoring": true, "address": "西河路 2 号",
                "telephone": "", "opening_hours": "", "position": {"lon": 120.1, "lat": 30.2}, "reason": "补地址", "rev": 0}),
            "POST /api/stations/{id}/end" => json!({"reason": "并入代表之家", "rev": 1}),
            "POST /api/terms" | "POST /api/terms/preview" => json!({"number": 19, "begins_on": "2026-12-28", "leaving": [], "carried": []}),
            "PUT /api/regions/{code}/name" => {
                json!({"was": "西河镇", "name": "西河街道", "decision_number": "省政函〔2026〕31号", "reason": "撤镇设街道"})
            }
            // Nothing moves until the preview's number is named.
            "POST /api/region-mergers" => json!({"from": WEST, "into": EAST, "effective_on": "2026-10-20", "decision_number": "省政函〔2026〕32号",
                "reason": "撤并乡镇", "moves": 9999}),
            "POST /api/units" => json!({"name": format!("县水利局{}", Uuid::new_v4().simple())}),
            "PUT /api/units/{id}" => json!({"name": "县生态环境局", "reason": "更名", "rev": 1}),
            "POST /api/units/{id}/end" => json!({"reason": "职能并入县住建局", "rev": 2}),
            "POST /api/sites" => {
                json!({"project_id": self.project, "name": "西河镇第三幼儿园", "address": "", "position": {"lon": 120.11, "lat": 30.21},
                "unit_id": self.unit, "quota": "", "remarks": ""})
            }
            "PUT /api/sites/{id}" => {
                json!({"name": "西河镇中心幼儿园（新址）", "address": "西河路 1 号", "unit_id": self.unit, "people_served": 400, "remarks": "",
                "reason": "地址有错字", "rev": rev})
            }
            "POST /api/sites/{id}/withdrawal" => {
                json!({"decision_number": "县人常〔2026〕15号", "decided_on": "2026-10-18", "reason": "并入他处", "rev": 99})
            }
            "PUT /api/sites/{id}/offer" => json!({"places": 2, "words": "请就近的代表领办"}),
            "POST /api/sites/{id}/hand-over" => json!({"to_deputy_id": self.deputy, "reason": "leave", "words": ""}),
            "POST /api/csp-reports" => {
                let report = json!({"csp-report": {"document-uri": "https://map.example/", "violated-directive": "img-src"}});
                return Content::Text("application/csp-report", report.to_string());
            }
            "POST /api/sites/{id}/plan-changes" => json!({"decision_number": "县人常〔2026〕12号", "decided_on": "2026-10-18", "reason": "汛期顺延",
                "planned_finish_on": "2026-12-31", "rev": rev}),
            "PUT /api/photos/{sha256}" | "PUT /api/challenges/{number}/photos/{sha256}" | "PUT /api/deputies/{id}/portrait" => {
                return Content::Bytes(self.picture.clone());
            }
            "POST /api/imports" => return Content::Bytes(csv()),
            _ => return Content::Nothing,
        })
    }
}

fn order_about(site: i64, unit: i64) -> Value {
    json!({"site_ids": [site], "unit_id": unit, "words": "请说明逾期原因", "due_on": "2026-11-10", "copy_to_deputies": true, "follows": null})
}

/// A small JPEG, different for each shade.
pub fn picture(shade: u8) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let pixels = image::RgbImage::from_fn(64, 48, |x, y| image::Rgb([shade, u8::try_from(x * 3).unwrap_or(0), u8::try_from(y * 5).unwrap_or(0)]));
    image::DynamicImage::ImageRgb8(pixels).write_to(&mut bytes, image::ImageFormat::Jpeg).expect("a picture");
    bytes.into_inner()
}

/// The name under which a picture is sent.
pub fn name_of(picture: &[u8]) -> String {
    hex::encode(Sha256::digest(picture))
}

fn csv() -> Vec<u8> {
    "序号,项目名称,点位名称,所在镇街,经度,纬度,责任单位,计划开工,计划完工\n1,新改扩建公办幼儿园,西河镇第三幼儿园,西河镇,120.11,30.21,县教育局,2026-03-01,2026-12-20\n"
        .as_bytes()
        .to_vec()
}

/// Every route of the interface description, as `METHOD /path`.
pub async fn documented_routes(app: &TestApp) -> BTreeSet<String> {
    let description = app.visitor().get("/api/openapi.json").await.expect(200).json();
    let paths = description["paths"].as_object().expect("paths");
    let routes = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().expect("operations").keys().filter(|key| ["get", "post", "put", "delete", "patch"].contains(&key.as_str()));
        methods.map(|method| format!("{} {path}", method.to_uppercase())).collect::<Vec<_>>()
    });
    routes.collect()
}
