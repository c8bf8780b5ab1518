//! The entries of the dictionary.

use serde::Serialize;
use utoipa::ToSchema;

use crate::http::Language;

/// A word and what it means, in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Said {
    pub word: &'static str,
    pub meaning: &'static str,
}

/// One word of the figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"code": "completed", "zh": {"word": "已完成", "meaning": "蓝色。代表到现场看过，已经办好。"},
    "en": {"word": "Completed", "meaning": "Blue. A deputy has been there and found the work done."}}))]
pub struct Entry {
    /// The word in programs and addresses.
    pub code: &'static str,
    pub zh: Said,
    pub en: Said,
}

impl Entry {
    pub fn said(&self, language: Language) -> Said {
        match language {
            Language::Chinese => self.zh,
            Language::English => self.en,
        }
    }
}

macro_rules! words {
    ($($code:literal: $zh:literal $zh_meaning:literal, $en:literal $en_meaning:literal;)*) => {
        const ENTRIES: &[Entry] = &[$(Entry {
            code: $code,
            zh: Said { word: $zh, meaning: $zh_meaning },
            en: Said { word: $en, meaning: $en_meaning },
        },)*];
    };
}

words! {
    "project": "民生实事项目" "县人大代表票决的民生实事，每年十件左右。",
        "Livelihood project" "What the county’s people’s congress voted to do for its people this year, some ten projects.";
    "site": "点位" "一处要建或要办的地方。一个项目分成许多点位。",
        "Site" "One place where something is built or done. A project has many sites.";
    "unit": "承办单位" "负责办好这处点位的单位。",
        "Undertaking unit" "The body that has to do the work at the site.";
    "completed": "已完成" "蓝色。代表到现场看过，已经办好。",
        "Completed" "Blue. A deputy has been there and found the work done.";
    "in_progress": "进行中" "黄色。已经开工，还没有办好。",
        "In progress" "Yellow. The work has begun and is not done.";
    "not_started": "未开始" "红色。还没有开工。没到计划开工日的也是红色，但不算逾期。",
        "Not started" "Red. The work has not begun. A site that is not due yet is red as well, but not late.";
    "share_completed": "完成率" "已完成的点位除以全部点位。小数舍去：没有全部完成，就不会显示 100%。",
        "Share completed" "Completed sites divided by all sites, rounded down: it says 100 % only when all are completed.";
    "overdue": "逾期" "过了计划日期，还没有开工或还没有完工。说的是工程，不是反馈。",
        "Late" "Past the planned date and not started or not finished. This is about the work, not about reports.";
    "overdue_red": "逾期未开工" "过了计划日期，还是红色。",
        "Late, not started" "Past the planned date and still red.";
    "overdue_yellow": "逾期未完工" "过了计划完工日，还是黄色。",
        "Late, not finished" "Past the planned finish and still yellow.";
    "struck_off": "已销号" "人大确认办好，结案。之后不再要求每月反馈。",
        "Struck off" "The congress has confirmed that it is done and closed it. No more reports are owed.";
    "silent": "无反馈" "这个月没有一位代表反馈这处点位；当月还没结束时，看上一个月。反馈没到，不等于工程误期。",
        "Not reported on" "No deputy reported on the site for the month; while the month is open, for the month before. This does not mean that the work is late.";
    "report": "督查反馈" "代表到现场看过以后写的报告：状态、进度、文字和照片。每月一份。",
        "Report" "What a deputy writes after seeing the site: stage, percent, words and photographs. One a month.";
    "owed": "应报" "每位领办代表，对每处没有销号的点位，每月应报一份。",
        "Owed" "One report a month by each adopting deputy for each site that is not struck off.";
    "received": "已收到" "应报的反馈里，已经收到的份数。被退回的不算。",
        "Received" "Of the reports owed, those that came. A returned report does not count.";
    "on_time": "按时" "收到的反馈里，月底以前送到的份数。",
        "On time" "Of the reports received, those that came before the month ended.";
    "planned_original": "原计划" "按最初定下的完工日期，到这个月底应该完成的点位数。",
        "Planned at first" "Sites that should be completed by the month’s end by the dates first decided.";
    "planned_current": "现计划" "按现在的完工日期，到这个月底应该完成的点位数。改计划要有决定，原计划一直保留。",
        "Planned now" "Sites that should be completed by the month’s end by today’s dates. A plan changes only by a decision, and the first one stays on record.";
    "ranked": "排名" "只比较点位够多的。太少的不排，只列数字，并写明有几个没有列入。",
        "Ranking" "Only those with enough sites are compared. The others are not ranked; it is said how many they are.";
    "live": "实时" "月份还没结束，数字随时在变。",
        "Live" "The month is open and the numbers change with every report.";
    "provisional": "暂定" "月份已经结束，还在等补报，数字可能小改。",
        "Provisional" "The month has ended; late reports still come in, so the numbers may change a little.";
    "final": "最终" "补报期已过，数字不再更改。",
        "Final" "The days of grace are over; the numbers never change again.";
}

/// Every word, in the order in which a reader meets them.
pub fn entries() -> &'static [Entry] {
    ENTRIES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_explained_once_and_briefly() {
        let mut codes: Vec<&str> = entries().iter().map(|entry| entry.code).collect();
        codes.sort_unstable();
        let known = codes.len();
        codes.dedup();
        assert_eq!(codes.len(), known);
        for entry in entries() {
            assert!(entry.zh.meaning.chars().count() <= 60 && entry.en.meaning.chars().count() <= 180, "{}", entry.code);
        }
    }
}
