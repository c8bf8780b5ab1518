//! A new password on its way to the database: held against the rules and those used before, then hashed.

use super::password_rules::{PasswordFault, check_new_password, not_again};
use super::passwords::{self, Verdict};
use super::store::own;
use crate::http::Problem;
use crate::ids::AccountId;
use crate::platform::Platform;

/// Refuses a password that is too short, too long, easily guessed or of too few kinds of characters. `whose` are its owner's login and name.
pub fn require_good_password(platform: &Platform, password: &str, whose: &[&str]) -> Result<(), Problem> {
    let county = platform.served_county();
    let short_name = county.name.trim_end_matches(['县', '市', '区', '旗']);
    let address = platform.settings.public_url.as_deref().unwrap_or("");
    let mut about = whose.to_vec();
    about.extend([county.name.as_str(), short_name, county.code.as_str(), address]);
    check_new_password(password, &about, platform.settings.password_profile).map_err(|fault| match fault {
        PasswordFault::TooShort => Problem::field("password", "too_short", "密码至少 12 个字符", "At least 12 characters"),
        PasswordFault::TooLong => Problem::field("password", "too_long", "密码最多 128 个字符", "At most 128 characters"),
        PasswordFault::Guessable => Problem::field(
            "password",
            "guessable",
            "密码太容易猜到：去掉常见的词、连号、年份、姓名和账号以后，所剩无几。请换一个",
            "Easy to guess: without common words, runs, years, the name and the login little is left of it",
        ),
        PasswordFault::TooFewKinds => Problem::field(
            "password",
            "too_few_kinds",
            "密码要包含小写字母、大写字母、数字、其他字符中的三种",
            "Use three of: small letters, capital letters, digits, other characters",
        ),
    })
}

/// Refuses, as one's own, the password that somebody else has given: it does not become the owner's by being typed again (ASVS 5.0.0, 6.4.1).
/// Takes time: no transaction should be open meanwhile.
pub async fn require_own_choice(platform: &Platform, password: String, account_id: AccountId) -> Result<(), Problem> {
    let mut connection = platform.pool.acquire().await?;
    let given = own::find_given_hash(&mut connection, account_id).await?;
    drop(connection);
    let Some(given) = given else { return Ok(()) };
    match passwords::verify(password, Some(given), platform.settings.password_memory_kib).await.map_err(Problem::internal)? {
        Verdict::Wrong => Ok(()),
        _ => Err(Problem::field("password", "given", "这是他人为您设置的密码，请另选一个", "Somebody else has given you this one; choose another")),
    }
}

/// The hash of a password that is good and, where the profile wants it, none of the account's last ones. Takes time: no transaction should
/// be open meanwhile.
pub async fn hash_new_password(platform: &Platform, password: String, whose: &[&str], account: Option<AccountId>) -> Result<String, Problem> {
    require_good_password(platform, &password, whose)?;
    let memory = platform.settings.password_memory_kib;
    let most = not_again(platform.settings.password_profile);
    if let (Some(account_id), true) = (account, most > 0) {
        let mut connection = platform.pool.acquire().await?;
        let used = own::list_used_hashes(&mut connection, account_id, most).await?;
        drop(connection);
        for hash in used {
            if passwords::verify(password.clone(), Some(hash), memory).await.map_err(Problem::internal)? != Verdict::Wrong {
                let (zh, en) = (format!("不能使用最近 {most} 次用过的密码"), format!("None of the last {most} passwords may be used again"));
                return Err(Problem::field("password", "used_before", zh, en));
            }
        }
    }
    passwords::hash(password, memory).await.map_err(Problem::internal)
}
