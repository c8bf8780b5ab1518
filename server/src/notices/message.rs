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
        NoticeKind::SiteOffered => ("有点位开放领办", "A site is open for adoption"),
        NoticeKind::OfferUnanswered => ("开放领办的点位还没有代表领办", "An offered site has not been adopted"),
        NoticeKind::ContestAnswered => ("积分异议已答复", "What you contested was answered"),
    }
}

/// What the notice is about: the site's name or the order's number.
fn about(leased: &Leased) -> Option<String> {
    let number = leased.order_prefix.as_deref().zip(leased.order_year.zip(leased.order_number));
    number.map(|(prefix, (year, number))| order_number(prefix, year, number)).or_else(|| leased.site_name.clone())
}

/// A mail's subject and text.
pub fn mail(leased: &Leased, origin: &str) -> (String, String) {
    let (zh, en) = title(leased.kind);
    let about = about(leased);
    let subject = match &about {
        Some(about) => format!("【{}民生地图】{zh}：{about}", leased.county_name),
        None => format!("【{}民生地图】{zh}", leased.county_name),
    };
    let mut lines = vec![format!("{}：", leased.to_name), String::new(), format!("{zh}。{en}.")];
    if let (Some(name), code) = (&leased.site_name, leased.site_code.as_deref().unwrap_or("")) {
        lines.push(format!("点位 Site：{code} {name}"));
    }
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

/// A short message.
pub fn short(leased: &Leased) -> String {
    let (zh, _) = title(leased.kind);
    match about(leased) {
        Some(about) => format!("{zh}：{about}。请登录{}民生地图查看。", leased.county_name),
        None => format!("{zh}。请登录{}民生地图查看。", leased.county_name),
    }
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
