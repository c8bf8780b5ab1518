//! What the right person sends with each act of the matrix.

use harness::PASSWORD;
use serde_json::json;

use super::{Ground, Made};
use crate::calls::{Content, picture};

/// The content of a call about what was made.
pub fn of(ground: &Ground, route: &str, state: &str, made: &Made) -> Content {
    let (rev, place) = (made.rev, ground.place(state));
    let id: i64 = made.id.parse().unwrap_or_default();
    let also: i64 = made.also.parse().unwrap_or_default();
    Content::Json(match route {
        "POST /api/supervision-orders/{id}/accept" => json!({"words": "", "rev": rev}),
        "POST /api/supervision-orders/{id}/answer" => json!({"words": "已复工", "proposed_due_on": null, "photos": []}),
        "POST /api/supervision-orders/{id}/answer-for-unit" => {
            json!({"came_by": "paper", "answer": {"words": "来函：已复工", "proposed_due_on": null, "photos": []}})
        }
        "POST /api/supervision-orders/{id}/agree-date" => json!({"words": "", "rev": rev}),
        "POST /api/challenges/{number}/acceptance" => json!({"words": "请到现场核实", "rev": rev}),
        "POST /api/challenges/{number}/publication" => json!({"words": true, "photos": false, "edited_words": null, "rev": rev}),
        "POST /api/challenges/{number}/declination" => json!({"reason": "与点位无关", "rev": rev}),
        "POST /api/challenges/{number}/judgement" => json!({"founded": false, "reason": "已经开工", "consequence": "none", "stage": null,
            "percent": null, "site_rev": also, "rev": rev}),
        "POST /api/reminders/{id}/undo" => json!({}),
        "PUT /api/accounts/{id}" => {
            json!({"name": format!("新名{}", ground.next()), "grants": [{"role": "working_committee", "region": place.region}], "rev": 1})
        }
        "PUT /api/accounts/{id}/notice-phone" => json!({"phone": format!("136{:08}", ground.next())}),
        "POST /api/supervision-orders/{id}/send-back" => json!({"reason": "未附计划", "due_on": "2026-11-20", "rev": rev}),
        "POST /api/supervision-orders/{id}/withdrawal" => json!({"reason": "承办单位有误", "rev": rev}),
        "POST /api/strike-off-proposals/{id}/confirm" => json!({"rev": rev}),
        "POST /api/strike-off-proposals/{id}/withdraw" => json!({"words": "排水沟尚未接通"}),
        "PUT /api/deputies/{id}" => json!({"name": "甲代表", "level": "county", "constituency": "第一选区", "in_region": place.region,
            "phone": null, "reason": "补选区", "rev": rev}),
        "POST /api/deputies/{id}/end" => json!({"because": "moved", "words": "迁出本县", "rev": rev}),
        "POST /api/deputies/{id}/reinstatement" => json!({"reason": "登记有误", "rev": rev}),
        "PUT /api/deputies/{id}/phone" => json!({"phone": format!("137{:08}", ground.next())}),
        "PUT /api/deputies/{id}/portrait" => return Content::Bytes(picture(30)),
        "PUT /api/deputies/{id}/reports/{report_id}" => json!({"came_by": "telephone", "report": {"site_id": also, "stage": "not_started",
            "percent": 0, "words": "电话反馈", "photos": [], "written_at": "2026-10-20T08:58:00+08:00"}}),
        "POST /api/account-invitations" => json!({"accounts": [id], "valid_days": 30}),
        "POST /api/invitations" => json!({"deputies": [id], "valid_days": 30}),
        "POST /api/month-exceptions" => json!({"deputy": id, "month": "2026-12", "kind": "leave", "reason": "出国"}),
        "POST /api/month-exceptions/{id}/undo" => json!({"reason": "行程取消"}),
        "POST /api/reports/{id}/return" => json!({"reason": "照片不是这个点位"}),
        "POST /api/reports/{id}/objection" => json!({"reason": "我没有说已经开工"}),
        "POST /api/duty-contests/{id}/answer" => json!({"answer": "已核对", "points": 2}),
        "POST /api/desk-exports/{id}/withdraw" => json!({"words": "用途不明"}),
        "POST /api/accounts/{id}/password" => json!({"password": format!("{PASSWORD}换")}),
        "POST /api/accounts/{id}/refuse" => json!({"reason": "没有任命文件"}),
        "POST /api/county-setting-proposals/{id}/withdraw" => json!({"words": "仍由两人办理"}),
        "POST /api/offers" => json!({"site_ids": [id], "places": 2, "words": ""}),
        "POST /api/offers/withdrawal" => json!({"site_ids": [id]}),
        "PUT /api/sites/{id}" => json!({"name": "幼儿园（新址）", "address": "", "unit_id": also, "people_served": 400, "remarks": "",
            "reason": "有错字", "rev": rev}),
        "POST /api/sites/{id}/withdrawal" => json!({"decision_number": "1", "decided_on": "2026-10-18", "reason": "并入他处", "rev": rev}),
        "PUT /api/stations/{id}" => json!({"name": "联络点", "kind": "point", "integrity_monitoring": true, "address": "西河路 2 号",
            "telephone": "", "opening_hours": "", "position": {"lon": place.lon, "lat": 30.2}, "reason": "补地址", "rev": rev}),
        "POST /api/stations/{id}/end" | "POST /api/units/{id}/end" => json!({"reason": "并入他处", "rev": rev}),
        "PUT /api/units/{id}" => json!({"name": format!("新单位{}", ground.next()), "reason": "更名", "rev": rev}),
        "PUT /api/deputy-groups/{id}" => json!({"name": format!("新小组{}", ground.next()), "theme": "养老", "reason": "改名", "rev": rev}),
        "PUT /api/projects/{id}" => json!({"number": rev, "title": "饮水提升", "lead_unit_id": also, "reason": "错字", "rev": 1}),
        "PUT /api/regions/{code}/name" => {
            json!({"was": made.also, "name": format!("{}街道", place.name), "decision_number": "31", "reason": "撤镇设街道"})
        }
        "POST /api/deliveries/again" | "POST /api/review/dismissals/undo" => json!({"ids": [id]}),
        "POST /api/reporting-months/{month}/corrections" => json!({"site_id": null, "stage": null, "percent": null, "words": "附件有误"}),
        "POST /api/reporting-months/{month}/reminders" => json!({"reach": {}, "words": "请尽快反馈"}),
        _ => return Content::Nothing,
    })
}
