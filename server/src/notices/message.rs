//! The words of a notice outside of the app, always plain text: a mail to its person, a short message, a line for an office's group.
//!
//! What somebody wrote goes into mails alone. A short message lies open on a locked telephone, and a group is no place for words to one person.

use super::model::{NoticeKind, order_number};
use super::store::deliveries::Leased;

/// What a kind of notice says, in Chinese and in English.
fn title(kind: NoticeKind) -> (&'static str, &'static str) {
    match kind {
        NoticeKind::Reminder => ("催办提醒", "A reminder for you"),
        NoticeKind::ReportReturned => ("您的督查反馈被退回", "Your report was returned"),
        NoticeKind::ReportMissing => ("督查反馈缺报", "A monthly report is missing"),
        NoticeKind::StageCorrected => ("点位状态已更正", "The stage of a site was corrected"),
        NoticeKind::StruckOff => ("点位已销号", "A site was struck off"),
        NoticeKind::Reopened => ("点位撤销销号", "A site was opened again"),
        NoticeKind::PlanChanged => ("点位计划有调整", "The plan of a site was changed"),
        NoticeKind::OrderIssued => ("收到督办单", "A supervision order was issued"),
        NoticeKind::OrderCopied => ("督办单抄送", "Copy of a supervision order"),
        NoticeKind::OrderReminded => ("督办单即将到期", "A supervision order is due soon"),
        NoticeKind::OrderRaised => ("督办升级", "A supervision order rose a level"),
        NoticeKind::OrderAnswered => ("督办单已答复", "A supervision order was answered"),
        NoticeKind::OrderAccepted => ("督办单已办结", "A supervision order is settled"),
        NoticeKind::OrderDateAgreed => ("督办单的新期限已同意", "The date proposed for an order was agreed to"),
        NoticeKind::OrderSentBack => ("督办答复被退回", "An answer to an order was sent back"),
        NoticeKind::OrderWithdrawn => ("督办单已撤回或终止", "A supervision order was withdrawn"),
        NoticeKind::HandedOver => ("有点位移交给您", "A site was handed over to you"),
        NoticeKind::ReportEntered => ("人大代您录入了反馈", "A report was entered for you"),
        NoticeKind::ReportObjected => ("代表声明代录的反馈不是本人意见", "A deputy took back an entered report"),
        NoticeKind::OrderAnsweredFor => ("人大代贵单位录入了督办答复", "An answer was entered for your unit"),
        NoticeKind::SiteAssigned => ("安排您领办点位", "A site was given to you"),
        NoticeKind::SiteTaken => ("领办安排有调整", "A site is no longer yours"),
        NoticeKind::StrikeOffProposed => ("有销号等待您确认", "A strike-off waits for your confirmation"),
        NoticeKind::StrikeOffRefused => ("您提出的销号未获同意", "Your proposed strike-off was refused"),
        NoticeKind::StrikeOffConfirmed => ("您提出的销号已确认", "Your proposed strike-off was confirmed"),
        NoticeKind::ExportAsked => ("有名单导出等待您复核", "A file with names waits for your confirmation"),
        NoticeKind::ExportDecided => ("您申请的名单导出有了结果", "The file you asked for was decided about"),
        NoticeKind::LoweringAsked => ("有安全设置等待您确认", "A safety setting waits for your confirmation"),
        NoticeKind::LoweringDecided => ("您提出的安全设置有了结果", "The setting you proposed was decided about"),
        NoticeKind::SiteOffered => ("有点位开放领办", "A site is open for adoption"),
        NoticeKind::OfferUnanswered => ("开放领办的点位还没有代表领办", "An offered site has not been adopted"),
        NoticeKind::ContestAnswered => ("积分异议已答复", "What you contested was answered"),
        NoticeKind::ChallengeSubmitted => ("收到群众质疑", "A visitor challenges a site"),
        NoticeKind::ChallengeAccepted => ("群众质疑正在核实", "A challenge of a site is being checked"),
        NoticeKind::ChallengeJudged => ("群众质疑已有结论", "A challenge of a site was judged"),
    }
}

/// Characters that a gateway takes for one short message.
const SHORT: usize = 70;

/// What the notice is about: the site's name or the order's number.
fn about(leased: &Leased) -> Option<String> {
    let number = leased.order_prefix.as_deref().zip(leased.order_year.zip(leased.order_number));
    number.map(|(prefix, (year, number))| order_number(prefix, year, number)).or_else(|| leased.site_name.clone())
}

/// How many sites the message to a person is about, said behind the first one's name.
fn and_others(leased: &Leased) -> String {
    if leased.carried == 0 { String::new() } else { format!("等 {} 处点位", leased.carried + 1) }
}

/// The sites that a mail is about, a line each, and how many it does not name.
fn site_lines(leased: &Leased) -> Vec<String> {
    let Some(name) = &leased.site_name else { return Vec::new() };
    let first = format!("{} {name}", leased.site_code.as_deref().unwrap_or(""));
    if leased.carried == 0 {
        return vec![format!("点位 Site：{first}")];
    }
    let mut lines = vec![format!("{} 处点位 Sites：", leased.carried + 1), format!("1. {first}")];
    lines.extend(leased.also.iter().enumerate().map(|(place, site)| format!("{}. {site}", place + 2)));
    let unnamed = leased.carried - i64::try_from(leased.also.len()).unwrap_or(leased.carried);
    if unnamed > 0 {
        lines.push(format!("另有 {unnamed} 处，登录后查看全部。And {unnamed} more: sign in to see all."));
    }
    lines
}

/// A mail's subject and text.
pub fn mail(leased: &Leased, origin: &str) -> (String, String) {
    let (zh, en) = title(leased.kind);
    let about = about(leased);
    let subject = match &about {
        Some(about) => format!("【{}民生地图】{zh}：{about}{}", leased.county_name, and_others(leased)),
        None => format!("【{}民生地图】{zh}", leased.county_name),
    };
    let mut lines = vec![format!("{}：", leased.to_name), String::new(), format!("{zh}。{en}.")];
    lines.extend(site_lines(leased));
    if leased.order_id.is_some() {
        lines.push(format!("督办单 Order：{}", about.unwrap_or_default()));
    }
    if !leased.words.is_empty() {
        lines.extend([String::new(), leased.words.clone()]);
    }
    let page = if leased.is_deputy { "deputy" } else { "desk" };
    lines.extend([
        String::new(),
        format!("登录查看 Sign in: {origin}/{page}#/notices"),
        String::new(),
        "本邮件由系统自动发出，请勿回复；哪些通知发邮件可在“通知设置”中更改。".to_owned(),
        "Sent automatically; choose what you receive under notices.".to_owned(),
    ]);
    (subject, lines.join("\r\n"))
}

/// A short message, as one: a long name is cut, how many sites there are is not.
pub fn short(leased: &Leased) -> String {
    let (zh, _) = title(leased.kind);
    let way = format!("。请登录{}民生地图查看。", leased.county_name);
    let Some(about) = about(leased) else { return format!("{zh}{way}") };
    let others = and_others(leased);
    let room = SHORT.saturating_sub([zh, &others, &way].iter().map(|part| part.chars().count()).sum::<usize>() + 1);
    let name = if about.chars().count() <= room { about } else { about.chars().take(room.saturating_sub(1)).chain(['…']).collect() };
    format!("{zh}：{name}{others}{way}")
}

/// A line for a group, with the place where everybody of it can read on. It names nobody.
pub fn for_group(leased: &Leased, origin: &str) -> String {
    let (zh, _) = title(leased.kind);
    let link = match (&leased.site_code, leased.order_id) {
        _ if leased.sites > 1 => format!("{origin}/desk"),
        (_, Some(order_id)) => format!("{origin}/desk#/orders/{order_id}"),
        (Some(code), None) => format!("{origin}/sites/{code}"),
        (None, None) => format!("{origin}/desk"),
    };
    let head = format!("【{}民生地图】{zh}", leased.county_name);
    match about(leased) {
        Some(about) if leased.sites > 1 => format!("{head}\n{about}等，共 {} 处点位\n{link}", leased.sites),
        Some(about) => format!("{head}\n{about}\n{link}"),
        None => format!("{head}\n{link}"),
    }
}

/// The mail that asks whether an address is its person's.
pub fn confirmation(county_name: &str, code: &str) -> (String, String) {
    let text = format!(
        "您的验证码是 {code}，30 分钟内有效。在民生地图的“通知设置”中填写后，通知将发到这个邮箱。\r\n如果不是您本人操作，请忽略本邮件。\r\n\r\n\
         Your code is {code}; it counts for 30 minutes. If you did not ask for it, ignore this mail."
    );
    (format!("【{county_name}民生地图】邮箱验证码"), text)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::ids::CountyId;
    use crate::notices::channel::Channel;

    fn leased(kind: NoticeKind) -> Leased {
        Leased {
            county_id: CountyId(1),
            delivery_id: 1,
            notice_id: Uuid::nil(),
            channel: Channel::Mail,
            attempts: 0,
            queued_at: DateTime::UNIX_EPOCH,
            kind,
            words: "请与王五（13900000099）联系 <script>".to_owned(),
            county_name: "试验县".to_owned(),
            to_name: "甲代表".to_owned(),
            is_disabled: false,
            mail: None,
            phone: None,
            site_id: Some(41),
            site_code: Some("2026-01-001".to_owned()),
            site_name: Some("西河镇中心幼儿园".to_owned()),
            order_id: None,
            order_prefix: None,
            order_year: None,
            order_number: None,
            sites: 1,
            also: Vec::new(),
            carried: 0,
            is_deputy: true,
        }
    }

    #[test]
    fn what_somebody_wrote_stays_out_of_short_messages_and_groups() {
        for kind in NoticeKind::ALL {
            for text in [short(&leased(*kind)), for_group(&leased(*kind), "https://map.example")] {
                assert!(text.contains("西河镇中心幼儿园") && !text.contains("13900000099") && !text.contains("甲代表"), "{text}");
            }
        }
        assert!(short(&leased(NoticeKind::OfferUnanswered)).chars().count() <= 70, "a short message is one message");
    }

    #[test]
    fn a_message_about_many_sites_names_some_and_counts_the_others() {
        let also: Vec<String> = (2..=20).map(|number| format!("2026-01-{number:03} 点位{number}")).collect();
        let many = Leased { also, carried: 31, ..leased(NoticeKind::Reminder) };
        let (subject, text) = mail(&many, "https://map.example");
        assert!(subject.ends_with("催办提醒：西河镇中心幼儿园等 32 处点位"), "{subject}");
        assert!(text.contains("1. 2026-01-001 西河镇中心幼儿园") && text.contains("20. 2026-01-020 点位20"), "{text}");
        assert!(text.contains("另有 12 处") && text.contains("And 12 more") && text.contains("https://map.example/deputy#/notices"), "{text}");
        let few = Leased { also: vec!["2026-01-002 点位2".to_owned()], carried: 1, ..leased(NoticeKind::Reminder) };
        assert!(!mail(&few, "x").1.contains("more"), "all are named");
        let long = Leased { site_name: Some("很长的名字".repeat(20)), ..many };
        let text = short(&long);
        assert!(text.chars().count() <= SHORT && text.contains("…等 32 处点位。请登录试验县"), "{text}");
        assert_eq!(short(&leased(NoticeKind::Reminder)), "催办提醒：西河镇中心幼儿园。请登录试验县民生地图查看。");
    }

    #[test]
    fn a_line_for_many_sites_says_how_many_and_leads_to_none_of_them() {
        let line = for_group(&Leased { sites: 12, ..leased(NoticeKind::ReportMissing) }, "https://map.example");
        assert_eq!(line, "【试验县民生地图】督查反馈缺报\n西河镇中心幼儿园等，共 12 处点位\nhttps://map.example/desk");
    }

    #[test]
    fn a_mail_names_its_matter_and_the_way_to_it() {
        let (subject, text) = mail(&leased(NoticeKind::ReportReturned), "https://map.example");
        assert_eq!(subject, "【试验县民生地图】您的督查反馈被退回：西河镇中心幼儿园");
        assert!(text.contains("13900000099") && text.contains("https://map.example/deputy#/notices"), "{text}");
        let order = Leased {
            order_id: Some(3),
            order_prefix: Some("澄人常督".to_owned()),
            order_year: Some(2026),
            order_number: Some(12),
            ..leased(NoticeKind::OrderIssued)
        };
        assert!(mail(&order, "x").0.ends_with("收到督办单：澄人常督〔2026〕12号"));
        assert!(for_group(&order, "https://map.example").ends_with("/desk#/orders/3"));
    }
}
