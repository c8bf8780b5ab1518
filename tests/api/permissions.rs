//! Who may do what and where: every route for every role, at home, in the neighbouring township and in another county.

use std::collections::{BTreeMap, BTreeSet};

use harness::{Client, StoredReport, TestApp, instant};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::calls::{Call, Content, Things, documented_routes};

/// The people of the table, in the order of its columns. The things asked about lie in the west of the county.
const PEOPLE: [&str; 11] = [
    "visitor",
    "deputy",
    "keeper",
    "working_committee",
    "working_committee_east",
    "committee",
    "foreign_committee",
    "unit",
    "admin",
    "security",
    "auditor",
];

/// What each may: `yes`, or the refusal. `yes` means that the answer is about the content and no longer about the person.
const TABLE: &str = "
                                            visitor deputy keeper committee/west committee/east committee foreign unit admin security auditor
    GET /api/accounts                       401     403    403    403            403            403       403     403  yes  yes      403
    POST /api/accounts                      401     403    403    403            403            403       403     403  yes  403      403
    PUT /api/accounts/{id}                  401     403    403    403            403            403       403     403  yes  403      403
    POST /api/accounts/{id}/disable         401     403    403    403            403            403       403     403  yes  403      403
    POST /api/accounts/{id}/enable          401     403    403    403            403            403       403     403  yes  403      403
    POST /api/accounts/{id}/password        401     403    403    403            403            403       403     403  yes  403      403
    POST /api/account-invitations           401     403    403    403            403            403       403     403  yes  403      403
    DELETE /api/accounts/{id}/invitation    401     403    403    403            403            403       403     403  yes  403      403
    GET /api/audit                          401     403    403    403            403            403       403     403  403  403      yes
    GET /api/audit/heads                    yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    POST /api/csp-reports                   yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /api/imports                        401     403    403    yes            yes            yes       yes     403  403  403      403
    POST /api/imports                       401     403    403    yes            yes            yes       yes     403  403  403      403
    GET /api/imports/{id}                   401     403    403    yes            404            yes       404     403  403  403      403
    GET /api/imports/{id}/outlines          401     403    403    yes            404            yes       404     403  403  403      403
    POST /api/imports/{id}/confirm          401     403    403    yes            404            yes       404     403  403  403      403
    POST /api/imports/{id}/undo             401     403    403    yes            404            yes       404     403  403  403      403
    GET /api/me/notices                     401     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    POST /api/me/notices/{id}/read          401     yes    404    404            404            404       404     404  404  404      404
    GET /api/me/notice-preferences          401     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    PUT /api/me/notice-preferences          401     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    PUT /api/me/notice-phone                401     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    PUT /api/accounts/{id}/notice-phone     401     403    403    403            403            403       403     403  yes  403      403
    POST /api/me/mail-address               401     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    POST /api/me/mail-address/confirmation  401     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    DELETE /api/me/mail-address             401     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /api/deliveries                     401     403    403    yes            yes            yes       yes     403  403  403      403
    POST /api/deliveries/again              401     403    403    yes            404            yes       404     403  403  403      403
    GET /api/me/reports                     401     yes    403    403            403            403       403     403  403  403      403
    GET /api/me/colleagues-sites            401     yes    403    403            403            403       403     403  403  403      403
    GET /api/me/group-theme                 401     yes    403    403            403            403       403     403  403  403      403
    GET /api/me/offers                      401     yes    403    403            403            403       403     403  403  403      403
    GET /api/me/sites                       401     yes    403    403            403            403       403     403  403  403      403
    DELETE /api/deputies/{id}/portrait      401     yes    403    yes            404            yes       404     403  403  403      403
    PUT /api/deputies/{id}/portrait         401     yes    403    yes            404            yes       404     403  403  403      403
    PUT /api/photos/{sha256}                401     yes    403    yes            yes            yes       yes     yes  403  403      403
    GET /api/me/duty-record                 401     yes    403    403            403            403       403     403  403  403      403
    POST /api/me/duty-contests              401     yes    403    403            403            403       403     403  403  403      403
    POST /api/desk-exports                  401    403    403    yes    yes    yes    yes    403    403    403    403
    GET /api/desk-exports/{id}              401    404    404    404    404    yes    404    404    404    404    404
    GET /api/desk-exports                   401    403    403    yes    yes    yes    yes    yes    yes    yes    yes
    POST /api/desk-exports/{id}/confirm     401    403    403    403    404    yes    404    403    404    404    404
    POST /api/desk-exports/{id}/withdraw    401    403    403    yes    404    yes    404    403    404    404    404
    POST /api/reminders/{id}/undo           401    403    403    yes    404    404    404    403    403    403    403
    GET /api/reporting-months/{month}/cockpit 401    403    403    yes    yes    yes    yes    403    403    403    403
    GET /api/reporting-months/{month}/missing 401    403    403    yes    yes    yes    yes    403    403    403    403
    POST /api/reporting-months/{month}/reminders 401    403    403    yes    yes    yes    yes    403    403    403    403
    GET /api/reporting-months/{month}/corrections yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    yes
    POST /api/reporting-months/{month}/corrections 401    403    403    403    403    yes    404    403    403    403    403
    GET /api/month-exceptions               401    403    403    yes    yes    yes    yes    403    403    403    403
    POST /api/month-exceptions              401    403    403    yes    404    yes    404    403    403    403    403
    POST /api/month-exceptions/{id}/undo    401    403    403    yes    404    yes    404    403    403    403    403
    GET /export/year-report.xlsx            yes    yes    yes    yes    yes    yes    yes    yes    yes    yes    yes
    GET /api/county-settings                401     403    403    403            403            yes       yes     403  403  403      403
    PUT /api/county-settings                401     403    403    403            403            yes       yes     403  403  403      403
    GET /api/duty-rules                     yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    POST /api/duty-rules                    401     403    403    403            403            yes       yes     403  403  403      403
    GET /api/deputies/{id}/duty-record      401     403    403    yes            404            yes       404     403  403  403      403
    GET /api/duty-contests                  401     403    403    yes            yes            yes       yes     403  403  403      403
    POST /api/duty-contests/{id}/answer     401     403    403    yes            404            yes       404     403  403  403      403
    GET /api/joining                        401     403    403    yes            yes            yes       yes     403  403  403      403
    POST /api/invitations                   401     403    403    yes            404            yes       404     403  403  403      403
    DELETE /api/invitations/{id}            401     403    403    yes            404            yes       404     403  403  403      403
    POST /api/invitations/lookup            yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    POST /api/invitations/redemption        yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /api/password-rules                 yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    POST /api/deputies/{id}/phone-views     401     403    403    yes            404            yes       404     403  403  403      403
    PUT /api/deputies/{id}/phone            401     403    403    yes            404            yes       404     403  403  403      403
    GET /api/password-codes                 yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    POST /api/password-codes                yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    POST /api/password-codes/redemption     yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    POST /api/reminders                     401     403    403    yes            404            yes       404     403  403  403      403
    GET /api/reporting-months               yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /api/reporting-months/{month}       yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    PUT /api/reports                        401     yes    403    403            403            403       403     403  403  403      403
    PUT /api/reports/{id}                   401     yes    403    403            403            403       403     403  403  403      403
    PUT /api/deputies/{id}/reports/{report_id} 401  403    403    yes            404            yes       404     403  403  403      403
    POST /api/reports/{id}/objection        401     yes    403    403            403            403       403     403  403  403      403
    POST /api/reports/{id}/return           401     403    403    yes            404            yes       404     403  403  403      403
    GET /api/review                         401     403    403    yes            yes            yes       yes     yes  403  403      403
    GET /api/review/outline                 401     403    403    yes            yes            yes       yes     yes  403  403      403
    GET /api/review/recipients              401     403    403    yes            yes            yes       yes     403  403  403      403
    POST /api/review/acts                   401     403    403    yes            yes            yes       yes     403  403  403      403
    POST /api/review/dismissals             401     403    403    yes            404            yes       404     403  403  403      403
    POST /api/review/dismissals/undo        401     403    403    yes            404            yes       404     403  403  403      403
    GET /api/me/review-views                401     403    403    yes            yes            yes       yes     yes  403  403      403
    PUT /api/me/review-views                401     403    403    yes            yes            yes       yes     yes  403  403      403
    GET /api/session                        401     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    POST /api/session                       yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    DELETE /api/session                     401     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /api/sessions                       401     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    DELETE /api/sessions/{id}               401     yes    404    404            404            404       404     404  404  404      404
    POST /api/sites/{id}/adopt              401     yes    403    403            403            403       403     403  403  403      403
    POST /api/sites/{id}/hand-over          401     yes    403    403            403            403       403     403  403  403      403
    POST /api/sites/{id}/adopters           401     403    403    yes            404            yes       404     403  403  403      403
    PUT /api/sites/{id}/key-site            401     403    403    403            403            yes       404     403  403  403      403
    PUT /api/sites/{id}/offer               401     403    403    yes            404            yes       404     403  403  403      403
    DELETE /api/sites/{id}/offer            401     403    403    yes            404            yes       404     403  403  403      403
    GET /api/roster                         401     403    403    yes            yes            yes       yes     403  403  403      403
    POST /api/deputies                      401     403    403    yes            yes            yes       yes     403  403  403      403
    PUT /api/deputies/{id}                  401     403    403    yes            404            yes       404     403  403  403      403
    POST /api/deputies/{id}/end             401     403    403    yes            404            yes       404     403  403  403      403
    POST /api/deputies/{id}/reinstatement   401     403    403    yes            404            yes       404     403  403  403      403
    GET /api/duty-years                     401     403    403    yes            yes            yes       yes     403  403  403      403
    GET /api/deputy-groups                  401     403    403    yes            yes            yes       yes     403  403  403      403
    POST /api/deputy-groups                 401     403    403    403            403            yes       yes     403  403  403      403
    PUT /api/deputy-groups/{id}             401     403    403    403            403            yes       404     403  403  403      403
    DELETE /api/deputy-groups/{id}          401     403    403    403            403            yes       404     403  403  403      403
    GET /api/roster/stations                401     403    403    yes            yes            yes       yes     403  403  403      403
    POST /api/stations                      401     403    403    yes            yes            yes       yes     403  403  403      403
    PUT /api/stations/{id}                  401     403    403    yes            404            yes       404     403  403  403      403
    POST /api/stations/{id}/end             401     403    403    yes            404            yes       404     403  403  403      403
    GET /api/term-adoptions                 401     403    403    yes            yes            yes       404     403  403  403      403
    GET /api/term-deputies                  401     403    403    yes            yes            yes       404     403  403  403      403
    GET /api/terms                          yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    POST /api/terms                         401     403    403    403            403            yes       yes     403  403  403      403
    POST /api/terms/preview                 401     403    403    403            403            yes       yes     403  403  403      403
    DELETE /api/terms/{id}                  401     403    403    403            403            yes       404     403  403  403      403
    GET /api/region-names                   401     403    403    yes            yes            yes       yes     403  403  403      403
    PUT /api/regions/{code}/name            401     403    403    403            403            yes       404     403  403  403      403
    GET /api/region-mergers                 401     403    403    yes            yes            yes       yes     403  403  403      403
    GET /api/region-mergers/preview         401     403    403    403            403            yes       404     403  403  403      403
    POST /api/region-mergers                401     403    403    403            403            yes       404     403  403  403      403
    GET /api/offers                         401     403    403    yes            yes            yes       yes     403  403  403      403
    POST /api/offers                        401     403    403    yes            404            yes       404     403  403  403      403
    POST /api/offers/withdrawal             401     403    403    yes            404            yes       404     403  403  403      403
    GET /api/sites/{id}/adoptions           401     403    403    yes            404            yes       404     403  403  403      403
    GET /api/hand-overs                     401     403    403    yes            yes            yes       yes     403  403  403      403
    GET /api/plan                           401     403    403    yes            yes            yes       yes     403  403  403      403
    GET /api/plan/place                     401     403    403    yes            yes            yes       yes     403  403  403      403
    POST /api/projects                      401     403    403    403            403            yes       yes     403  403  403      403
    PUT /api/projects/{id}                  401     403    403    403            403            yes       404     403  403  403      403
    POST /api/units                         401     403    403    403            403            yes       yes     403  403  403      403
    PUT /api/units/{id}                     401     403    403    403            403            yes       404     403  403  403      403
    POST /api/units/{id}/end                401     403    403    403            403            yes       404     403  403  403      403
    POST /api/sites                         401     403    403    yes            yes            yes       yes     403  403  403      403
    PUT /api/sites/{id}                     401     403    403    yes            404            yes       404     403  403  403      403
    POST /api/sites/{id}/withdrawal         401     403    403    403            403            yes       404     403  403  403      403
    POST /api/sites/{id}/correction         401     403    403    yes            404            yes       404     403  403  403      403
    POST /api/sites/{id}/plan-changes       401     403    403    403            403            yes       404     403  403  403      403
    POST /api/sites/{id}/reopen             401     403    403    yes            404            yes       404     403  403  403      403
    POST /api/sites/{id}/strike-off         401     403    403    yes            404            yes       404     403  403  403      403
    POST /api/sites/{id}/strike-off-proposal 401    403    403    yes            404            yes       404     403  403  403      403
    GET /api/strike-off-proposals           401     403    403    yes            yes            yes       yes     403  403  403      403
    POST /api/strike-off-proposals/{id}/confirm 401 403    403    yes            404            yes       404     403  403  403      403
    POST /api/strike-off-proposals/{id}/withdraw 401 403   403    yes            404            yes       404     403  403  403      403
    GET /api/sites/{id}/challenges          yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    POST /api/sites/{id}/challenges         yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /api/challenges                     401     403    403    yes            yes            yes       yes     403  403  403      403
    GET /api/challenges/{number}            404     404    404    404            404            404       404     404  404  404      404
    POST /api/challenges/{number}/withdrawal 404    404    404    404            404            404       404     404  404  404      404
    PUT /api/challenges/{number}/photos/{sha256} 404 404   404    404            404            404       404     404  404  404      404
    GET /api/challenges/{number}/photos/{sha256} 404 404   404    yes            404            yes       404     404  404  404      404
    GET /api/challenges/{number}/photos/{sha256}/thumbnail 404 404 404 yes       404            yes       404     404  404  404      404
    POST /api/challenges/{number}/acceptance 401    403    403    yes            404            yes       404     403  403  403      403
    POST /api/challenges/{number}/publication 401   403    403    yes            404            yes       404     403  403  403      403
    POST /api/challenges/{number}/declination 401   403    403    yes            404            yes       404     403  403  403      403
    POST /api/challenges/{number}/judgement 401     403    403    yes            404            yes       404     403  403  403      403
    GET /api/county                         yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /api/deputies                       yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /api/deputies/{id}                  yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /api/events                         yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /api/grid-cells                     yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /api/map/months                     yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /api/map/sites                      yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /api/map/months/{month}             yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /api/projects                       yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /api/regions                        yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /api/sites                          yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /api/sites/{id}                     yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /api/stations                       yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /api/summary                        yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /api/withdrawn-sites                yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /api/units                          yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /api/sites/{id}/file                401     403    403    yes            404            yes       404     403  403  403      403
    GET /api/sites/{id}/history             yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /api/sites/{id}/reports             yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /api/sites/{id}/story               yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /api/glossary                       yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /api/progress                       yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /export/bulletin.xlsx               yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /export/figures.csv                 yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /export/progress.csv                yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /export/{file}                      yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /ogc                                yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /ogc/api                            yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /ogc/collections                    yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /ogc/collections/{collection}       yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /ogc/collections/{collection}/items yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /ogc/collections/{collection}/items/{feature} yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /ogc/collections/{collection}/queryables yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /ogc/conformance                    yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /photos/{sha256}                    yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /photos/{sha256}/thumbnail          yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /portraits/{sha256}                 yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /api/sites/{id}/orders              yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /api/supervision-orders             401     403    403    yes            yes            yes       yes     yes  403  403      403
    POST /api/supervision-orders            401     403    403    yes            404            yes       404     403  403  403      403
    GET /api/supervision-orders/units       401     403    403    yes            yes            yes       yes     403  403  403      403
    GET /api/supervision-orders/{id}        401     403    403    yes            404            yes       404     yes  403  403      403
    POST /api/supervision-orders/{id}/accept  401   403    403    yes            404            yes       404     403  403  403      403
    POST /api/supervision-orders/{id}/agree-date 401 403   403    yes            404            yes       404     403  403  403      403
    POST /api/supervision-orders/{id}/answer  401   403    403    403            403            403       403     yes  403  403      403
    POST /api/supervision-orders/{id}/answer-for-unit 401 403 403   yes            404            yes       404     403  403  403      403
    POST /api/supervision-orders/{id}/send-back 401 403    403    yes            404            yes       404     403  403  403      403
    POST /api/supervision-orders/{id}/withdrawal 401 403   403    yes            404            yes       404     403  403  403      403
    POST /api/county-setting-proposals/{id}/confirm 401 403 403   403            403            yes       404     403  403  403      403
    POST /api/county-setting-proposals/{id}/withdraw 401 403 403  403            403            yes       404     403  403  403      403
    GET /basemap/{layer}/{z}/{x}/{y}        404     404    404    404            404            404       404     404  404  404      404
    GET /tiles/{document}                   yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /tiles/{layers}/{z}/{x}/{y}         yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /livez                              yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /readyz                             yes     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    POST /api/accounts/{id}/confirm         401     403    403    403            403            403       403     403  403  yes      403
    POST /api/accounts/{id}/refuse          401     403    403    403            403            403       403     403  403  yes      403
    POST /api/accounts/{id}/second-factor/reset 401 403    403    403            403            403       403     403  403  yes      403
    GET /api/security                       401     403    403    403            403            403       403     403  403  yes      403
    POST /api/sign-in-locks/release         401     403    403    403            403            403       403     403  403  yes      403
    PUT /api/me/password                    401     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    GET /api/me/second-factor               401     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    POST /api/me/second-factor              401     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    POST /api/me/second-factor/confirmation 401     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    POST /api/me/second-factor/removal      401     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    DELETE /api/sessions                    401     yes    yes    yes            yes            yes       yes     yes  yes  yes      yes
    POST /api/session/code                  401     401    401    401            401            401       401     401  401  401      401
    POST /api/session/password              401     401    401    401            401            401       401     401  401  401      401
    POST /api/session/factor                401     401    401    401            401            401       401     401  401  401      401
    PUT /api/session/factor                 401     401    401    401            401            401       401     401  401  401      401
";

fn table() -> BTreeMap<String, Vec<&'static str>> {
    let rows = TABLE.trim_start_matches('\n').lines().skip(1).filter(|line| !line.trim().is_empty()).map(|line| {
        let mut words = line.split_whitespace();
        let route = format!("{} {}", words.next().expect("a method"), words.next().expect("a path"));
        let cells: Vec<&str> = words.collect();
        assert_eq!(cells.len(), PEOPLE.len(), "{route}");
        (route, cells)
    });
    rows.collect()
}

async fn person(app: &TestApp, login: &str) -> Client {
    if login == "visitor" { app.visitor() } else { app.as_login(login).await }
}

#[tokio::test]
async fn every_route_answers_every_role_as_the_table_says() {
    let app = TestApp::start().await;
    let (table, documented) = (table(), documented_routes(&app).await);
    let rows: BTreeSet<String> = table.keys().cloned().collect();
    assert_eq!(documented.difference(&rows).collect::<Vec<_>>(), Vec::<&String>::new(), "routes without a row in the table of permissions");
    assert_eq!(rows.difference(&documented).collect::<Vec<_>>(), Vec::<&String>::new(), "rows without a route");
    let things = Things::prepare(&app).await;
    let mut wrong = Vec::new();
    // What ends sessions comes last: another row names one of them.
    let (last, first): (Vec<_>, Vec<_>) = table.iter().partition(|(route, _)| *route == "DELETE /api/sessions");
    for (route, cells) in first.into_iter().chain(last) {
        for (login, expected) in PEOPLE.iter().zip(cells) {
            let answer = things.call(route).send(&person(&app, login).await).await;
            let status = answer.status.as_u16();
            let as_expected = match *expected {
                "yes" => !matches!(status, 401 | 403 | 404) && status < 500,
                refusal => refusal == status.to_string(),
            };
            if !as_expected {
                wrong.push(format!("{route} by {login}: expected {expected}, got {}", answer.text()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// The answer without what differs between any two requests.
async fn plainly(call: &Call, client: &Client) -> (u16, Value) {
    let answer = call.send(client).await;
    let mut body: Value = serde_json::from_slice(&answer.bytes).unwrap_or_default();
    if let Some(body) = body.as_object_mut() {
        body.remove("request_id");
    }
    (answer.status.as_u16(), body)
}

fn post(path: String, body: Value) -> Call {
    Call { method: reqwest::Method::POST, path, content: Content::Json(body) }
}

#[tokio::test]
async fn anothers_thing_answers_like_a_missing_one() {
    let app = TestApp::start().await;
    let things = Things::prepare(&app).await;
    let (east, foreign, nowhere) = (app.world.east[0].site_id.0, app.world.foreign.site_id.0, 987_654_321);
    let report = StoredReport::new(app.world.east[0].site_id, app.world.deputies["deputy_east"], instant("2026-10-12T10:00:00+08:00"), "completed");
    report.take_effect(&app.pool, &app.world).await;
    let mut compared = 0;
    for (login, anothers) in [("working_committee", east), ("working_committee", foreign), ("committee", foreign)] {
        let client = app.as_login(login).await;
        for (act, body) in [
            ("strike-off", json!({"note": "验收", "rev": 1})),
            ("reopen", json!({"reason": "核实", "rev": 1})),
            ("correction", json!({"stage": "completed", "percent": 100, "reason": "核实", "rev": 1})),
        ] {
            let call = |site: i64| post(format!("/api/sites/{site}/{act}"), body.clone());
            assert_eq!(plainly(&call(anothers), &client).await, plainly(&call(nowhere), &client).await, "{act} by {login}");
            compared += 1;
        }
        let remind = |site: i64| post("/api/reminders".to_owned(), json!({"site_ids": [site], "to": "unit", "words": ""}));
        assert_eq!(plainly(&remind(anothers), &client).await, plainly(&remind(nowhere), &client).await, "a reminder by {login}");
    }
    let return_of = |report: Uuid| post(format!("/api/reports/{report}/return"), json!({"reason": "与现场不符"}));
    for (login, call, missing) in [
        ("working_committee", return_of(report.report_id), return_of(Uuid::new_v4())),
        ("foreign_committee", return_of(report.report_id), return_of(Uuid::new_v4())),
        ("foreign_committee", things.call("GET /api/imports/{id}"), get(format!("/api/imports/{}", Uuid::new_v4()))),
        ("working_committee_east", things.call("GET /api/imports/{id}"), get(format!("/api/imports/{}", Uuid::new_v4()))),
        ("foreign_admin", disable(app.world.account("deputy").0), disable(nowhere)),
        ("foreign_admin", things.call("POST /api/account-invitations"), invite_account(nowhere)),
        ("foreign_admin", things.call("DELETE /api/accounts/{id}/invitation"), revoke_account(nowhere)),
        ("deputy2", things.call("POST /api/me/notices/{id}/read"), post_nothing(format!("/api/me/notices/{}/read", Uuid::new_v4()))),
        ("deputy", report_on(foreign), report_on(nowhere)),
        ("visitor", get(format!("/api/sites/{foreign}/history")), get(format!("/api/sites/{nowhere}/history"))),
        ("visitor", get(format!("/api/sites/{foreign}/reports")), get(format!("/api/sites/{nowhere}/reports"))),
        ("visitor", get(format!("/api/sites/{foreign}/story")), get(format!("/api/sites/{nowhere}/story"))),
        ("committee", change_plan(foreign), change_plan(nowhere)),
        ("working_committee", remove_portrait(app.world.deputies["deputy_east"].0), remove_portrait(nowhere)),
        ("working_committee", invite(app.world.deputies["deputy_east"].0), invite(nowhere)),
        ("committee", invite(app.world.deputies["foreign_deputy"].0), invite(nowhere)),
        ("working_committee_east", things.call("DELETE /api/invitations/{id}"), revoke(nowhere)),
        ("working_committee", set_phone(app.world.deputies["deputy_east"].0), set_phone(nowhere)),
    ] {
        let client = person(&app, login).await;
        let (theirs, none) = (plainly(&call, &client).await, plainly(&missing, &client).await);
        assert_eq!(theirs, none, "{call:?} by {login}");
        assert!(matches!(theirs.0, 403 | 404), "{call:?} by {login}: {theirs:?}");
        compared += 1;
    }
    assert_eq!(compared, 27);
}

fn get(path: String) -> Call {
    Call { method: reqwest::Method::GET, path, content: Content::Nothing }
}

fn post_nothing(path: String) -> Call {
    Call { method: reqwest::Method::POST, path, content: Content::Nothing }
}

fn change_plan(site: i64) -> Call {
    let decision = json!({"decision_number": "12", "decided_on": "2026-10-18", "reason": "顺延", "planned_finish_on": "2026-12-31", "rev": 1});
    post(format!("/api/sites/{site}/plan-changes"), decision)
}

fn remove_portrait(deputy: i64) -> Call {
    Call { method: reqwest::Method::DELETE, path: format!("/api/deputies/{deputy}/portrait"), content: Content::Nothing }
}

fn invite(deputy: i64) -> Call {
    post("/api/invitations".to_owned(), json!({"deputies": [deputy], "valid_days": 30}))
}

fn invite_account(account: i64) -> Call {
    post("/api/account-invitations".to_owned(), json!({"accounts": [account], "valid_days": 30}))
}

fn revoke_account(account: i64) -> Call {
    Call { method: reqwest::Method::DELETE, path: format!("/api/accounts/{account}/invitation"), content: Content::Nothing }
}

fn revoke(invitation: i64) -> Call {
    Call { method: reqwest::Method::DELETE, path: format!("/api/invitations/{invitation}"), content: Content::Nothing }
}

fn set_phone(deputy: i64) -> Call {
    Call { method: reqwest::Method::PUT, path: format!("/api/deputies/{deputy}/phone"), content: Content::Json(json!({"phone": "13700000000"})) }
}

fn disable(account: i64) -> Call {
    post_nothing(format!("/api/accounts/{account}/disable"))
}

fn report_on(site: i64) -> Call {
    let body = json!({"site_id": site, "stage": "not_started", "percent": 0, "written_at": "2026-10-20T08:55:00+08:00"});
    Call { method: reqwest::Method::PUT, path: format!("/api/reports/{}", Uuid::new_v4()), content: Content::Json(body) }
}

#[tokio::test]
async fn a_right_taken_away_is_gone_at_the_next_request() {
    let app = TestApp::start().await;
    let committee = app.as_login("committee").await;
    committee.get("/api/review").await.expect(200);
    sqlx::query("delete from grants where account_id = $1").bind(app.world.account("committee").0).execute(&app.pool).await.expect("no rights");
    committee.get("/api/review").await.expect(403);
}
