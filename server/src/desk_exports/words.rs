//! The headers and words of the desk's files.

use crate::pages::{Phrase, phrases};

phrases! {
    MONTH_PARTS = "报告月分列", "The month taken apart";
    MONTH_REPORTS = "报告月名单", "Reports of the month";
    REVIEW = "监督清单", "Review list";
    ORDERS = "督办单", "Supervision orders";
    MARKS = "导出说明", "About this file";
    WHAT = "项目", "Item";
    SAID = "内容", "Content";
    WHO = "导出人", "Taken out by";
    WHEN = "导出时间", "When";
    WHY = "用途", "Why";
    COUNTY = "县", "County";
    CARE = "内部资料，含个人信息的不得外传", "For internal use; what names persons is not passed on";
    GROUP = "代表小组", "Deputy group";
    TOWNSHIP = "镇街", "Township";
    PROJECT = "项目名称", "Project";
    DEPUTY = "代表", "Deputy";
    NO_GROUP = "未编组", "Without a group";
    OWED = "应报", "Owed";
    RECEIVED = "已报", "Received";
    ON_TIME = "按时", "On time";
    LATE = "补报", "Late";
    MISSING = "未报", "Missing";
    EXCUSED = "例外", "Excused";
    CODE = "点位编号", "Code";
    SITE = "点位名称", "Site";
    STANDING = "情况", "State";
    RECEIVED_ON = "收到日期", "Received on";
    RANK = "位次", "Place";
    SCORE = "得分", "Score";
    STAGE = "状态", "Stage";
    UNIT = "承办单位", "Unit";
    REASONS = "列入原因", "Reasons";
    DAYS_LATE = "逾期天数", "Days late";
    REMINDERS = "已催办", "Reminders";
    LAST_REMINDED = "上次催办", "Last reminded";
    OPEN_ORDERS = "未结督办单", "Open orders";
    ADOPTERS = "领办代表", "Adopters";
    NUMBER = "编号", "Number";
    STATE = "办理状态", "State of the order";
    LEVEL = "级别", "Level";
    ISSUED_ON = "发出日期", "Issued on";
    DUE_ON = "办理期限", "Due on";
    WORDS = "督办内容", "Words";
    OVERDUE_RED = "逾期未开工", "Late, not started";
    OVERDUE_YELLOW = "逾期未完工", "Late, not finished";
    SILENT = "无反馈", "Not reported on";
    DISAGREEMENT = "反馈不一致", "Adopters disagree";
    OFF_SITE = "不在现场", "Off-site";
    REUSED_PHOTO = "照片重复", "Picture used before";
    STEP_BACK = "进度倒退", "A step back";
    PHOTOS_MISSING = "缺照片", "Pictures missing";
    STATE_ISSUED = "待答复", "Waiting for the unit";
    STATE_ANSWERED = "已答复", "Answered";
    STATE_ACCEPTED = "已认可", "Accepted";
    STATE_SENT_BACK = "已退回", "Sent back";
    STATE_WITHDRAWN = "已撤回", "Withdrawn";
    STATE_LAPSED = "已终止", "Ended with its sites";
    LEVEL_ORDER = "督办", "Order";
    LEVEL_KEY = "重点督办", "Key supervision";
    LEVEL_SPECIAL = "专题询问", "Special inquiry";
    OTHER = "其他", "Other";
}

/// A stored word as people say it.
pub fn spoken(code: &str) -> Phrase {
    match code {
        "overdue_red" => OVERDUE_RED,
        "overdue_yellow" => OVERDUE_YELLOW,
        "silent" => SILENT,
        "disagreement" => DISAGREEMENT,
        "off_site" => OFF_SITE,
        "reused_photo" => REUSED_PHOTO,
        "step_back" => STEP_BACK,
        "photos_missing" => PHOTOS_MISSING,
        "issued" => STATE_ISSUED,
        "answered" => STATE_ANSWERED,
        "accepted" => STATE_ACCEPTED,
        "sent_back" => STATE_SENT_BACK,
        "withdrawn" => STATE_WITHDRAWN,
        "lapsed" => STATE_LAPSED,
        "order" => LEVEL_ORDER,
        "key_supervision" => LEVEL_KEY,
        "special_inquiry" => LEVEL_SPECIAL,
        _ => OTHER,
    }
}
