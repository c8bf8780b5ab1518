//! What the log's codes are called by people, in both languages; the auditor's page has the same words, and a test of it compares them.

/// A code, in Chinese and in English.
pub type Word = (&'static str, &'static str, &'static str);

/// Acts.
pub const ACTIONS: &[Word] = &[
    ("session.begin", "登录", "Signed in"),
    ("session.end", "退出登录", "Signed out"),
    ("access.refuse", "越权被拒", "Refused for lack of rights"),
    ("report.accept", "反馈收到", "Report received"),
    ("photo.store", "照片收到", "Photograph received"),
    ("report.return", "退回反馈", "Report returned"),
    ("site.remind", "催办", "Reminded"),
    ("site.strike_off", "销号", "Struck off"),
    ("order.agree_date", "同意督办新期限", "Date proposed for an order agreed to"),
    ("challenge.submit", "群众提交质疑", "Challenge submitted"),
    ("challenge.withdraw", "群众撤回质疑", "Challenge withdrawn"),
    ("challenge.accept", "受理质疑", "Challenge taken up"),
    ("challenge.publish", "公开质疑内容", "Challenge published"),
    ("challenge.decline", "质疑不予受理", "Challenge declined"),
    ("challenge.judge", "质疑作出结论", "Challenge judged"),
    ("challenge.erase", "质疑内容到期清除", "Challenges erased"),
    ("account.change", "修改账号姓名或权限", "Account’s name or rights changed"),
    ("account.invite", "生成账号邀请卡", "Account invited by a card"),
    ("account.revoke_invitation", "撤回账号邀请卡", "Account’s card revoked"),
    ("notice_phone.give", "登记通知手机", "Telephone for notices given"),
    ("notice_phone.remove", "删除通知手机", "Telephone for notices erased"),
    ("site.reopen", "撤销销号", "Reopened"),
    ("site.correct", "更正状态", "Stage corrected"),
    ("site.change_plan", "调整计划", "Plan changed"),
    ("report.enter", "代录反馈", "Report entered for a deputy"),
    ("report.object", "代表声明不是本人意见", "Deputy took back an entered report"),
    ("order.answer_for_unit", "代录督办答复", "Answer entered for a unit"),
    ("site.propose_strike_off", "提出销号", "Strike-off proposed"),
    ("site.confirm_strike_off", "确认销号", "Strike-off confirmed"),
    ("site.withdraw_strike_off", "撤回或不同意销号", "Strike-off taken back or refused"),
    ("site.set_key", "设定重点点位", "Key site set"),
    ("site.reassign", "调整领办", "Adopters changed"),
    ("finding.dismiss", "忽略发现", "Finding put aside"),
    ("finding.take_up", "恢复发现", "Finding taken up again"),
    ("deputy.set_portrait", "更换头像", "Portrait changed"),
    ("deputy.remove_portrait", "移除头像", "Portrait removed"),
    ("account.save_views", "保存视图", "Views saved"),
    ("order.issue", "发出督办单", "Order issued"),
    ("order.answer", "答复督办单", "Order answered"),
    ("order.accept", "督办单办结", "Order settled"),
    ("order.send_back", "退回督办答复", "Answer sent back"),
    ("order.remind", "督办到期提醒", "Order reminded"),
    ("order.raise", "督办升级", "Order raised"),
    ("import.prepare", "上传文件", "File uploaded"),
    ("import.confirm", "确认导入", "Import confirmed"),
    ("import.undo", "撤销导入", "Import undone"),
    ("county.confirm_setting", "确认调低设置", "Lowered setting confirmed"),
    ("county.propose_setting", "提出调低设置", "Lower setting proposed"),
    ("county.withdraw_setting", "撤回设置提议", "Proposed setting withdrawn"),
    ("deputy.reinstate", "恢复代表", "Deputy reinstated"),
    ("order.lapse", "督办单终止", "Order ended"),
    ("order.withdraw", "撤回督办单", "Order withdrawn"),
    ("region.merge", "镇街合并", "Townships merged"),
    ("account.create", "新建账号", "Account created"),
    ("account.confirm", "确认账号", "Account confirmed"),
    ("account.refuse", "不予确认账号", "Account not confirmed"),
    ("account.change_password", "修改自己的密码", "Own password changed"),
    ("account.open_locks", "解除登录限制", "Sign-in locks opened"),
    ("session.end_others", "退出其他设备", "Other devices signed out"),
    ("second_factor.begin", "开始两步验证", "Second factor begun"),
    ("second_factor.set", "开启两步验证", "Second factor on"),
    ("second_factor.remove", "关闭两步验证", "Second factor off"),
    ("second_factor.reset", "重置两步验证", "Second factor reset"),
    ("second_factor.recover", "使用恢复码", "Recovery code used"),
    ("audit.export", "导出审计日志", "Audit log exported"),
    ("invitation.make", "生成邀请", "Invitation made"),
    ("invitation.revoke", "撤回邀请", "Invitation revoked"),
    ("invitation.use", "使用邀请", "Invitation used"),
    ("deputy.set_phone", "更改代表手机号码", "Deputy’s number changed"),
    ("deputy.view_phone", "查看代表完整手机号码", "Deputy’s whole number looked at"),
    ("password_code.send", "发送短信验证码", "Code sent"),
    ("password_code.use", "用验证码重设密码", "Password set by code"),
    ("account.disable", "停用账号", "Account disabled"),
    ("account.enable", "启用账号", "Account enabled"),
    ("account.set_password", "重置密码", "Password reset"),
    ("month.remind", "月末提醒", "Month-end reminder"),
    ("month.close", "月度截止", "Month closed"),
    ("month.finalise", "月度定稿", "Month final"),
    ("county.create", "建立县区", "County created"),
    ("site.take_back_reminder", "撤销催办", "Reminder taken back"),
    ("site.create", "新增点位", "Site entered"),
    ("site.mend", "修改点位", "Site amended"),
    ("site.withdraw", "撤下点位", "Site withdrawn"),
    ("site.offer", "开放领办", "Site offered"),
    ("site.withdraw_offer", "收回开放", "Offer withdrawn"),
    ("site.adopt", "领办点位", "Site adopted"),
    ("site.hand_over", "移交点位", "Site handed over"),
    ("project.create", "新增项目", "Project entered"),
    ("project.mend", "修改项目", "Project amended"),
    ("unit.create", "新增承办单位", "Unit entered"),
    ("unit.mend", "修改承办单位", "Unit amended"),
    ("unit.end", "停用承办单位", "Unit ended"),
    ("region.rename", "镇街更名", "Township renamed"),
    ("deputy.enter", "录入代表", "Deputy entered"),
    ("deputy.mend", "修改代表", "Deputy amended"),
    ("deputy.end", "代表离任", "Deputy left"),
    ("group.enter", "新增代表小组", "Group entered"),
    ("group.mend", "修改代表小组", "Group amended"),
    ("group.remove", "删除代表小组", "Group removed"),
    ("station.enter", "新增联络站", "Station entered"),
    ("station.mend", "修改联络站", "Station amended"),
    ("station.end", "关闭联络站", "Station closed"),
    ("term.enter", "录入届次", "Term entered"),
    ("term.begin", "换届生效", "Term began"),
    ("term.cancel", "取消换届", "Term cancelled"),
    ("month.remind_missing", "提醒未报代表", "The missing reminded"),
    ("month.correct", "定稿后更正", "Month corrected"),
    ("exception.make", "登记例外", "Deputy excused"),
    ("exception.undo", "撤销例外", "Exception undone"),
    ("desk.export", "导出名单", "List taken out"),
    ("desk.confirm_export", "复核导出", "Export confirmed"),
    ("desk.withdraw_export", "撤回或不同意导出", "Export taken back or refused"),
    ("county.settings", "修改县级设置", "County settings changed"),
    ("county.load_demo", "装入演示数据", "Demo data loaded"),
    ("duty.make_rule", "制定积分规则", "Table of points made"),
    ("duty.contest", "提出积分异议", "Points contested"),
    ("duty.answer", "答复积分异议", "Contest answered"),
    ("delivery.send_again", "重新发送通知", "Message sent again"),
    ("notice.read", "通知已读", "Notice read"),
    ("notice.prefer", "修改通知设置", "Notice settings changed"),
    ("mail_address.give", "填写邮箱", "Mail address given"),
    ("mail_address.confirm", "确认邮箱", "Mail address confirmed"),
    ("mail_address.remove", "停用邮箱", "Mail address removed"),
];

/// Kinds of things and of actors.
pub const KINDS: &[Word] = &[
    ("challenge", "质疑", "Challenge"),
    ("site", "点位", "Site"),
    ("order", "督办单", "Order"),
    ("report", "反馈", "Report"),
    ("review", "监督清单", "Review list"),
    ("deputy", "代表", "Deputy"),
    ("photo", "照片", "Photograph"),
    ("account", "账号", "Account"),
    ("session", "登录", "Sign-in"),
    ("import", "导入", "Import"),
    ("reporting_month", "报告月", "Month"),
    ("county", "县区", "County"),
    ("route", "地址", "Address"),
    ("login", "账号", "Login"),
    ("audit", "审计日志", "Audit log"),
    ("project", "项目", "Project"),
    ("unit", "承办单位", "Unit"),
    ("region", "行政区划", "Region"),
    ("group", "代表小组", "Group"),
    ("station", "联络站", "Station"),
    ("term", "届次", "Term"),
    ("month_exception", "例外", "Exception"),
    ("duty_rule", "积分规则", "Table of points"),
    ("duty_contest", "积分异议", "Contest"),
    ("desk_export", "导出", "Export"),
    ("delivery", "投递", "Delivery"),
    ("notice", "通知", "Notice"),
    ("invitation", "邀请", "Invitation"),
    ("visitor", "未登录", "Not signed in"),
    ("schedule", "定时任务", "Schedule"),
    ("command", "命令行", "Command line"),
];

pub const OUTCOMES: &[Word] = &[("done", "成功", "Done"), ("refused", "被拒绝", "Refused")];

pub const ROLES: &[Word] = &[
    ("deputy", "人大代表", "Deputy"),
    ("station_keeper", "联络站管理员", "Station keeper"),
    ("working_committee", "镇街人大工委", "Working committee"),
    ("committee", "县人大常委会", "Committee"),
    ("unit_handler", "承办单位经办人", "Unit handler"),
    ("administrator", "系统管理员", "Administrator"),
    ("security_administrator", "安全管理员", "Security administrator"),
    ("auditor", "审计员", "Auditor"),
];

/// The word of a code; a code without one stands for itself.
pub fn word<'a>(words: &'static [Word], code: &'a str, chinese: bool) -> &'a str {
    words.iter().find(|(known, ..)| *known == code).map_or(code, |(_, zh, en)| if chinese { zh } else { en })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::Role;

    #[test]
    fn a_code_has_one_word_and_an_unknown_code_stands_for_itself() {
        for words in [ACTIONS, KINDS, OUTCOMES, ROLES] {
            let mut codes: Vec<&str> = words.iter().map(|(code, ..)| *code).collect();
            codes.sort_unstable();
            codes.dedup();
            assert_eq!(codes.len(), words.len());
            assert!(words.iter().all(|(_, zh, en)| !zh.is_empty() && !en.is_empty()));
        }
        assert_eq!((word(ACTIONS, "session.begin", true), word(ACTIONS, "no.such", false)), ("登录", "no.such"));
        assert!(Role::ALL.iter().all(|role| ROLES.iter().any(|(code, ..)| *code == role.as_str())));
    }
}
