//! What deputies and the committee write: short sentences that fit the project and how far the work has come.

use geodata::demo_county::Theme;
use geodata::demo_county::chance::Chance;

use crate::sites::Stage;

/// Reasons for which the committee sends a report back.
pub(super) const RETURNED: [&str; 4] = [
    "照片看不清施工部位，请补充现场近景和全景。",
    "进度与上月相差过大，请说明依据。",
    "未写明存在问题的整改情况，请补充。",
    "照片与点位不符，请到现场核实后重新反馈。",
];
/// Why the committee set a stage right.
pub(super) const CORRECTION: &str = "县人大现场核查，附属工程尚未完工，按实际进度更正。";
/// What stands beside a strike-off.
pub const STRUCK_OFF_NOTE: &str = "现场核查通过，资料齐全，同意销号。";
/// Why a deputy reports less than what was reported before.
pub const STEP_BACK: &str = "回访发现还有扫尾和整改内容，暂不能按完工认定。";
pub(super) const REMIND_START: &str = "计划开工日期已过，请说明未开工原因并明确开工时间。";
pub(super) const REMIND_FINISH: &str = "计划完成日期已过，请排出倒排工期并报县人大。";

const NOT_STARTED: [&str; 5] = [
    "现场尚未进场，正在办理前期手续。",
    "到点位查看，场地还未清表，施工单位未进场。",
    "设计方案已公示，等待招标，现场未开工。",
    "场地已移交，尚未施工。",
    "走访周边居民，大家盼着早日动工；现场暂无施工。",
];
const COMPLETED: [&str; 5] = [
    "已完工并投入使用，群众反映良好。",
    "现场查看已全部完成，正在办理验收。",
    "工程完工，场地整洁，标识齐全。",
    "已建成开放，随机走访多位居民，均表示满意。",
    "完工后回访，使用情况正常。",
];
const PROBLEMS: [&str; 8] = [
    "施工围挡有缺口，存在安全隐患",
    "材料堆放占道，影响通行",
    "雨天泥泞，周边居民出行不便",
    "施工人员偏少，进度偏慢",
    "管线迁改未协调到位",
    "夜间施工有噪声，居民有意见",
    "公示牌内容不全",
    "资金拨付滞后",
];
/// Problems of a site on which nothing moves.
const STANDSTILL: [&str; 4] = ["土地手续未办结", "招标流标，需重新组织", "施工方案调整，等待审批", "周边住户对方案有意见，正在协商"];

/// What each kind of work looks like early, midway and near its end.
fn in_progress(theme: Theme) -> [&'static str; 3] {
    match theme {
        Theme::Kindergarten => ["基础开挖，钢筋进场。", "主体结构施工，进展有序。", "外立面和室内装修，活动场地铺装中。"],
        Theme::Road => ["路基清表，机械已进场。", "水稳层摊铺，半幅通行。", "沥青面层摊铺，正在画标线和装护栏。"],
        Theme::Canteen => ["房屋清理，水电改造。", "厨房排烟和地面施工。", "餐桌和消毒设备安装调试。"],
        Theme::Clinic => ["拆除旧隔断，重新布线。", "诊室和药房装修。", "医疗设备安装，无障碍通道施工。"],
        Theme::Water => ["管沟开挖，管材进场。", "主管铺设，分段试压。", "入户管改接，路面恢复。"],
        Theme::Housing => ["搭设脚手架，征求住户意见。", "外墙和屋面防水施工。", "雨污管网和绿化恢复，收尾中。"],
        Theme::Park => ["场地平整，土方造型。", "步道和驳岸施工。", "苗木栽植，亭廊和座椅安装。"],
        Theme::Parking => ["场地硬化基层施工。", "地坪浇筑，电缆敷设。", "车位画线，充电桩调试。"],
        Theme::Market => ["临时市场搭建，旧棚拆除。", "钢结构和屋面施工。", "摊位安装，冷库调试。"],
        Theme::Culture => ["基础施工，材料进场。", "屋架吊装，砌体施工。", "室内布展，广场铺装。"],
    }
}

/// What a deputy writes about a visit.
pub(super) fn report(theme: Theme, stage: Stage, percent: i16, chance: &mut Chance) -> String {
    match stage {
        Stage::NotStarted => (*chance.pick(&NOT_STARTED)).to_owned(),
        Stage::Completed => (*chance.pick(&COMPLETED)).to_owned(),
        Stage::InProgress => {
            let phase = usize::from(percent > 35) + usize::from(percent > 70);
            format!("{}目测完成约 {percent}%。", in_progress(theme)[phase])
        }
    }
}

/// What the deputy finds wrong; more often where the work is late.
pub(super) fn problems(late: bool, chance: &mut Chance) -> Vec<String> {
    if late {
        return vec![(*chance.pick(&STANDSTILL)).to_owned()];
    }
    if chance.happens(0.16) { vec![(*chance.pick(&PROBLEMS)).to_owned()] } else { Vec::new() }
}
