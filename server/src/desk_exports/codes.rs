//! The words of the interface description as people say them, kind by kind, in both languages.

use crate::pages::Phrase;

/// What a word speaks of: the same word may mean one thing of a station and another of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Stage,
    Reason,
    Order,
    Challenge,
    Consequence,
    OrderLevel,
    MonthState,
    Exception,
    HandOver,
    Import,
    Station,
    DeputyLevel,
    Joining,
    Password,
    Role,
    Channel,
    Delivery,
    Notice,
    Setting,
    Leaving,
    TermEnding,
}

const OTHER: Phrase = Phrase { zh: "其他", en: "Other" };

const CODES: &[(Kind, &str, &str, &str)] = &[
    (Kind::Stage, "not_started", "未开始", "Not started"),
    (Kind::Stage, "in_progress", "进行中", "In progress"),
    (Kind::Stage, "completed", "已完成", "Completed"),
    (Kind::Reason, "overdue_red", "逾期未开工", "Late, not started"),
    (Kind::Reason, "overdue_yellow", "逾期未完工", "Late, not finished"),
    (Kind::Reason, "silent", "无反馈", "Not reported on"),
    (Kind::Reason, "disagreement", "反馈不一致", "Adopters disagree"),
    (Kind::Reason, "off_site", "不在现场", "Off-site"),
    (Kind::Reason, "reused_photo", "照片重复", "Picture used before"),
    (Kind::Reason, "step_back", "进度倒退", "A step back"),
    (Kind::Reason, "photos_missing", "缺照片", "Pictures missing"),
    (Kind::Reason, "challenged", "群众质疑", "Challenged"),
    (Kind::Challenge, "submitted", "待受理", "Submitted"),
    (Kind::Challenge, "accepted", "核实中", "Being checked"),
    (Kind::Challenge, "founded", "属实", "Founded"),
    (Kind::Challenge, "unfounded", "不属实", "Unfounded"),
    (Kind::Challenge, "declined", "不予受理", "Declined"),
    (Kind::Challenge, "withdrawn", "已撤回", "Withdrawn"),
    (Kind::Consequence, "none", "不改变点位", "Nothing changes"),
    (Kind::Consequence, "return_report", "退回反馈", "Report returned"),
    (Kind::Consequence, "correct_stage", "更正状态", "Stage corrected"),
    (Kind::Consequence, "reopen", "撤销销号", "Opened again"),
    (Kind::Order, "issued", "待答复", "Waiting for the unit"),
    (Kind::Order, "answered", "已答复", "Answered"),
    (Kind::Order, "accepted", "已认可", "Accepted"),
    (Kind::Order, "sent_back", "已退回", "Sent back"),
    (Kind::Order, "withdrawn", "已撤回", "Withdrawn"),
    (Kind::Order, "lapsed", "已终止", "Ended with its sites"),
    (Kind::OrderLevel, "order", "督办", "Order"),
    (Kind::OrderLevel, "key_supervision", "重点督办", "Key supervision"),
    (Kind::OrderLevel, "special_inquiry", "专题询问", "Special inquiry"),
    (Kind::MonthState, "open", "进行中", "Open"),
    (Kind::MonthState, "provisional", "初步", "Provisional"),
    (Kind::MonthState, "final", "定稿", "Final"),
    (Kind::Exception, "leave", "请假、外出", "Away"),
    (Kind::Exception, "illness", "生病", "Illness"),
    (Kind::Exception, "other", "其他", "Other"),
    (Kind::HandOver, "leave", "请假、外出", "Away"),
    (Kind::HandOver, "illness", "生病", "Illness"),
    (Kind::HandOver, "end_of_term", "任期结束", "End of term"),
    (Kind::HandOver, "other", "其他", "Other"),
    (Kind::Import, "sites", "项目点位", "Sites"),
    (Kind::Import, "regions", "行政区划边界", "Region boundaries"),
    (Kind::Import, "grid_cells", "网格边界", "Grid cells"),
    (Kind::Import, "stations", "代表联络站", "Stations"),
    (Kind::Import, "deputies", "人大代表与领办", "Deputies and adoptions"),
    (Kind::Station, "home", "代表之家", "Deputies’ home"),
    (Kind::Station, "station", "联络站", "Station"),
    (Kind::Station, "point", "联络点", "Point"),
    (Kind::Station, "window", "便民服务窗", "Window"),
    (Kind::Station, "post", "履职岗", "Post"),
    (Kind::Station, "mobile", "流动联络点", "Mobile"),
    (Kind::DeputyLevel, "national", "全国人大代表", "National"),
    (Kind::DeputyLevel, "provincial", "省人大代表", "Provincial"),
    (Kind::DeputyLevel, "city", "市人大代表", "City"),
    (Kind::DeputyLevel, "county", "县人大代表", "County"),
    (Kind::DeputyLevel, "township", "镇人大代表", "Township"),
    (Kind::Joining, "not_invited", "未邀请", "Not invited"),
    (Kind::Joining, "invited", "已邀请", "Invited"),
    (Kind::Joining, "expired", "邀请过期", "Invitation ended"),
    (Kind::Joining, "joined", "已开通", "Joined"),
    (Kind::Joining, "no_phone", "缺手机号", "No number"),
    (Kind::Joining, "disabled", "已停用", "Disabled"),
    (Kind::Joining, "other_roles", "管理员管理", "By administrator"),
    (Kind::Password, "none", "未设置", "None"),
    (Kind::Password, "given", "他人设置", "Chosen by somebody else"),
    (Kind::Password, "own", "本人设置", "Chosen by its owner"),
    (Kind::Setting, "grace_days", "补报期", "Days of grace"),
    (Kind::Setting, "offline_hours", "离线宽限", "Off-line phones"),
    (Kind::Setting, "month_reminder_days", "月末提醒", "Reminder before the end"),
    (Kind::Setting, "month_reminder_hour", "提醒时刻", "Hour of the reminder"),
    (Kind::Setting, "offer_reminder_days", "无人领办提醒", "Sites nobody takes"),
    (Kind::Setting, "offer_reminder_hour", "无人领办提醒时刻", "Hour of that notice"),
    (Kind::Setting, "stale_days", "未核实", "Unverified"),
    (Kind::Setting, "off_site_m", "现场距离", "Distance from the site"),
    (Kind::Setting, "minimum_ranked", "排名下限", "Fewest sites for a ranking"),
    (Kind::Setting, "order_prefix", "发文字号", "Prefix of the numbers"),
    (Kind::Setting, "order_rise_hour", "自动升级时刻", "Hour at which orders rise"),
    (Kind::Setting, "order_reminder_days", "到期前催办", "Reminder before the due date"),
    (Kind::Setting, "key_supervision_days", "升为重点督办", "Key supervision"),
    (Kind::Setting, "special_inquiry_days", "升为专题询问", "Special inquiry"),
    (Kind::Setting, "strike_off_persons", "销号人数", "Persons to strike off"),
    (Kind::Setting, "personal_export_rows", "一人可导出的行数", "Rows one person exports"),
    (Kind::Setting, "personal_export_hours", "导出合计小时数", "Hours added up"),
    (Kind::Leaving, "term_ended", "换届", "Term ended"),
    (Kind::Leaving, "resigned", "辞职", "Resigned"),
    (Kind::Leaving, "moved", "调离", "Moved away"),
    (Kind::Leaving, "dismissed", "罢免", "Dismissed"),
    (Kind::Leaving, "died", "去世", "Died"),
    (Kind::Leaving, "other", "其他", "Other"),
    (Kind::TermEnding, "held", "在办", "Held"),
    (Kind::TermEnding, "continued", "本人留任，继续领办", "The deputy goes on"),
    (Kind::TermEnding, "carried", "换届移交", "Carried to another"),
    (Kind::TermEnding, "closed", "换届结束", "Closed with the term"),
    (Kind::TermEnding, "handed_over", "届中移交", "Handed over"),
    (Kind::TermEnding, "office_ended", "代表离任", "Office ended"),
    (Kind::TermEnding, "site_withdrawn", "点位撤销", "Site withdrawn"),
    (Kind::TermEnding, "ended", "已结束", "Ended"),
    (Kind::Role, "deputy", "人大代表", "Deputy"),
    (Kind::Role, "station_keeper", "联络站管理员", "Station keeper"),
    (Kind::Role, "working_committee", "镇街人大工委", "Working committee"),
    (Kind::Role, "committee", "县人大常委会", "Committee"),
    (Kind::Role, "unit_handler", "承办单位经办人", "Unit handler"),
    (Kind::Role, "administrator", "系统管理员", "Administrator"),
    (Kind::Role, "security_administrator", "安全管理员", "Security administrator"),
    (Kind::Role, "auditor", "审计员", "Auditor"),
    (Kind::Channel, "mail", "邮件", "Mail"),
    (Kind::Channel, "sms", "短信", "Text message"),
    (Kind::Channel, "wecom", "企业微信群", "WeCom group"),
    (Kind::Channel, "dingtalk", "钉钉群", "DingTalk group"),
    (Kind::Delivery, "waiting", "等待发送", "Waiting"),
    (Kind::Delivery, "delivered", "已送达", "Delivered"),
    (Kind::Delivery, "dead", "未送达", "Given up"),
    (Kind::Delivery, "dropped", "已取消", "Dropped"),
    (Kind::Notice, "reminder", "催办提醒", "Reminder"),
    (Kind::Notice, "report_returned", "反馈被退回", "Report returned"),
    (Kind::Notice, "report_missing", "缺报提醒", "Report missing"),
    (Kind::Notice, "stage_corrected", "状态更正", "Stage corrected"),
    (Kind::Notice, "struck_off", "点位销号", "Site struck off"),
    (Kind::Notice, "reopened", "撤销销号", "Site opened again"),
    (Kind::Notice, "plan_changed", "计划调整", "Plan changed"),
    (Kind::Notice, "order_issued", "督办单送达", "Order issued"),
    (Kind::Notice, "order_copied", "抄送督办单", "Copy of an order"),
    (Kind::Notice, "order_reminded", "督办到期提醒", "Order due soon"),
    (Kind::Notice, "order_raised", "督办升级", "Order raised"),
    (Kind::Notice, "order_answered", "督办单已答复", "Order answered"),
    (Kind::Notice, "order_accepted", "督办单办结", "Order settled"),
    (Kind::Notice, "order_date_agreed", "同意新期限", "New date agreed to"),
    (Kind::Notice, "order_sent_back", "督办答复被退回", "Answer sent back"),
    (Kind::Notice, "order_withdrawn", "督办单撤回", "Order withdrawn"),
    (Kind::Notice, "handed_over", "点位移交", "Site handed over"),
    (Kind::Notice, "report_entered", "人大代录反馈", "Report entered by staff"),
    (Kind::Notice, "report_objected", "代表声明代录有误", "Deputy takes back what was entered"),
    (Kind::Notice, "order_answered_for", "人大代录督办答复", "Answer entered by staff"),
    (Kind::Notice, "site_assigned", "安排领办", "Site assigned"),
    (Kind::Notice, "site_taken", "领办安排调整", "Site taken"),
    (Kind::Notice, "strike_off_proposed", "销号等待确认", "Strike-off to be confirmed"),
    (Kind::Notice, "strike_off_refused", "销号未获同意", "Strike-off refused"),
    (Kind::Notice, "strike_off_confirmed", "销号已确认", "Strike-off confirmed"),
    (Kind::Notice, "export_asked", "名单导出等待复核", "Export to be confirmed"),
    (Kind::Notice, "export_decided", "名单导出有结果", "Export decided"),
    (Kind::Notice, "lowering_asked", "安全设置等待确认", "Safety setting to be confirmed"),
    (Kind::Notice, "lowering_decided", "安全设置有结果", "Safety setting decided"),
    (Kind::Notice, "site_offered", "有点位开放领办", "A site is open for adoption"),
    (Kind::Notice, "offer_unanswered", "开放领办的点位无人领办", "An offered site found nobody"),
    (Kind::Notice, "contest_answered", "积分异议已答复", "Contest answered"),
    (Kind::Notice, "challenge_submitted", "收到群众质疑", "Challenge submitted"),
    (Kind::Notice, "challenge_accepted", "群众质疑正在核实", "Challenge being checked"),
    (Kind::Notice, "challenge_judged", "群众质疑已有结论", "Challenge judged"),
];

/// A word as people say it; what has no words is called other.
pub fn code_words(kind: Kind, code: &str) -> Phrase {
    CODES.iter().find(|(of, known, ..)| *of == kind && *known == code).map_or(OTHER, |(_, _, zh, en)| Phrase { zh, en })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adoptions::model::HandOverReason;
    use crate::challenges::model::ChallengeState;
    use crate::county_settings::SETTINGS;
    use crate::notices::{Channel, NoticeKind};
    use crate::sites::Stage;

    #[test]
    fn every_kind_of_notice_way_and_stage_has_its_words() {
        let notices = NoticeKind::ALL.iter().map(|kind| (Kind::Notice, kind.as_str()));
        let channels = Channel::ALL.iter().map(|channel| (Kind::Channel, channel.as_str()));
        let stages = [Stage::NotStarted, Stage::InProgress, Stage::Completed].map(|stage| (Kind::Stage, stage.as_str()));
        let settings = SETTINGS.iter().map(|name| (Kind::Setting, *name));
        let reasons = [HandOverReason::Leave, HandOverReason::Illness, HandOverReason::EndOfTerm].map(|reason| (Kind::HandOver, reason.as_str()));
        let challenges = ChallengeState::ALL.map(|state| (Kind::Challenge, state.as_str()));
        for (kind, code) in challenges.into_iter().chain(notices).chain(channels).chain(stages).chain(reasons).chain(settings) {
            assert_ne!(code_words(kind, code).zh, OTHER.zh, "{kind:?} {code}");
        }
        assert_eq!(code_words(Kind::Order, "colour").en, "Other");
    }
}
