//! Settings, read once at start: defaults, then `minsheng-map.toml`, then environment variables.
//!
//! One table below names each setting, its default and its meaning; the struct, the reader, the example file and the README's table are
//! all made from it.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

mod kinds;
mod networks;
mod values;
mod written;

pub use kinds::{BasemapKind, LogFormat, PasswordProfile, SecondFactorRule, SmtpSecurity, TiandituLayer};
pub use networks::AddressRange;
pub use values::SettingError;
use values::Values;
pub use written::{example_file, settings_table};

/// One row of the settings table.
#[derive(Debug, Clone, Copy)]
pub struct SettingRow {
    pub name: &'static str,
    pub variable: &'static str,
    pub default: &'static str,
    pub meaning: &'static str,
    /// It holds a secret, or is an address or template in which one may stand: no error and no listing shows it.
    pub is_secret: bool,
}

/// What of a setting is shown where its secret must not be.
trait Blotted {
    fn blot(&mut self);
}

impl Blotted for String {
    fn blot(&mut self) {
        if !self.is_empty() {
            "…".clone_into(self);
        }
    }
}

impl Blotted for Option<String> {
    fn blot(&mut self) {
        self.iter_mut().for_each(Blotted::blot);
    }
}

macro_rules! settings {
    ($($(#[doc = $meaning:literal])+ $name:ident: $kind:ty = $default:literal from $variable:literal $($secret:ident)?;)*) => {
        /// All settings of a server.
        #[derive(Debug, Clone)]
        pub struct Settings {
            $($(#[doc = $meaning])+ pub $name: $kind,)*
        }

        /// The settings in the order in which they are explained.
        pub const SETTINGS: &[SettingRow] = &[$(SettingRow {
            name: stringify!($name),
            variable: $variable,
            default: $default,
            meaning: concat!($($meaning),+),
            is_secret: settings!(@is_marked $($secret)?),
        },)*];

        impl Settings {
            fn from_values(values: &Values) -> Result<Self, SettingError> {
                Ok(Self { $($name: values.read(stringify!($name), $variable, $default)?,)* })
            }

            /// The same with its secrets blotted out, to be shown.
            pub fn without_secrets(&self) -> Self {
                let mut shown = self.clone();
                $(settings!(@blot shown.$name $($secret)?);)*
                shown
            }
        }
    };
    (@is_marked) => { false };
    (@is_marked secret) => { true };
    (@blot $shown:ident.$name:ident) => {};
    (@blot $shown:ident.$name:ident secret) => { Blotted::blot(&mut $shown.$name) };
}

settings! {
    /// Address and port to serve on.
    listen: SocketAddr = "127.0.0.1:8080" from "MINSHENG_LISTEN";
    /// Folder for the private database and the pictures. Empty: `/var/lib/minsheng-map` for root, otherwise `$XDG_DATA_HOME/minsheng-map`.
    data_dir: Option<PathBuf> = "" from "MINSHENG_DATA_DIR";
    /// PostgreSQL to use. Empty: start a private cluster in the data folder.
    database_url: Option<String> = "" from "DATABASE_URL" secret;
    /// The same database as the owner of its tables, for migrations: then `database_url` names a role that owns nothing. Empty: `database_url` does both.
    migration_database_url: Option<String> = "" from "MINSHENG_MIGRATION_DATABASE_URL" secret;
    /// Folder of PostgreSQL's programs for the private cluster. Empty: look in the usual places.
    postgres_bin: Option<PathBuf> = "" from "MINSHENG_POSTGRES_BIN";
    /// Database connections that one process may hold.
    database_connections: u32 = "16" from "MINSHENG_DATABASE_CONNECTIONS";
    /// Address under which the public reaches the service, for links that leave it. Empty: `http://` and the listening address.
    public_url: Option<String> = "" from "MINSHENG_PUBLIC_URL";
    /// Code of the county whose map is served. Empty: the only one in the database.
    county: Option<String> = "" from "MINSHENG_COUNTY";
    /// Addresses of proxies whose `X-Forwarded-For` is believed, separated by commas.
    trusted_proxies: Vec<IpAddr> = "" from "MINSHENG_TRUSTED_PROXIES";
    /// Who made the map, shown on it.
    attribution: String = "" from "MINSHENG_ATTRIBUTION";
    /// Review number of the map (审图号), shown on it.
    review_number: String = "" from "MINSHENG_REVIEW_NUMBER";
    /// What lies under the county's own drawing: `county` (nothing else), `tianditu`, `pmtiles` or `xyz`.
    basemap_kind: BasemapKind = "county" from "MINSHENG_BASEMAP_KIND";
    /// Who made the base map, shown on every map. Required with a base map.
    basemap_attribution: String = "" from "MINSHENG_BASEMAP_ATTRIBUTION";
    /// For `xyz`: address of picture tiles with {z}, {x}, {y} and, if need be, {key}. For `tianditu`: its service under another address. https, or this machine.
    basemap_url: Option<String> = "" from "MINSHENG_BASEMAP_URL" secret;
    /// Key of the base map's service. It stays on the server.
    basemap_key: Option<String> = "" from "MINSHENG_BASEMAP_KEY" secret;
    /// For `tianditu`: the map `vec`, the pictures from above `img`, or the terrain `ter`, each with its labels.
    basemap_layer: TiandituLayer = "vec" from "MINSHENG_BASEMAP_LAYER";
    /// For `pmtiles`: the file.
    basemap_file: Option<PathBuf> = "" from "MINSHENG_BASEMAP_FILE";
    /// Deepest zoom of the base map; beyond it browsers enlarge.
    basemap_max_zoom: u8 = "18" from "MINSHENG_BASEMAP_MAX_ZOOM";
    /// How strongly the base map shows under the pins, in percent.
    basemap_opacity: u8 = "60" from "MINSHENG_BASEMAP_OPACITY";
    /// Whether browsers may keep another service's tiles for a day. Only when its terms allow it.
    basemap_browser_cache: bool = "false" from "MINSHENG_BASEMAP_BROWSER_CACHE";
    /// ICP filing number for the footer.
    icp_number: String = "" from "MINSHENG_ICP_NUMBER";
    /// Public security filing number for the footer.
    police_number: String = "" from "MINSHENG_POLICE_NUMBER";
    /// Under which licence the open data may be used, said on their page. Empty: CC BY 4.0 in our own words.
    open_data_licence: String = "" from "MINSHENG_OPEN_DATA_LICENCE";
    /// Where that licence can be read.
    open_data_licence_url: String = "https://creativecommons.org/licenses/by/4.0/" from "MINSHENG_OPEN_DATA_LICENCE_URL";
    /// Whom to tell of a weakness of the service, for `security.txt`: a mail address, `https:` or `tel:`. Empty: there is no such file.
    security_contact: String = "" from "MINSHENG_SECURITY_CONTACT";
    /// Password of the demo accounts. Empty: one is made up and printed. Used only when a demo county is loaded.
    demo_password: Option<String> = "" from "MINSHENG_DEMO_PASSWORD" secret;
    /// Memory for one password check, in KiB (argon2id).
    password_memory_kib: u32 = "19456" from "MINSHENG_PASSWORD_MEMORY_KIB";
    /// Rules of passwords and sign-in: `asvs`, or `dengbao` for graded protection (three kinds of characters, 90 days, not one of the last five, second factor for staff, accounts confirmed).
    password_profile: PasswordProfile = "asvs" from "MINSHENG_PASSWORD_PROFILE";
    /// Whether a second factor is `offered`, or must be held by `staff`: everybody but deputies.
    second_factor: SecondFactorRule = "offered" from "MINSHENG_SECOND_FACTOR";
    /// Key, 64 hexadecimal digits, under which the secrets of second factors lie in the database. Empty: made once, in `second-factor.key` of the data folder.
    second_factor_key: Option<String> = "" from "MINSHENG_SECOND_FACTOR_KEY" secret;
    /// Whether what the system administrator does with a staff account (new, enabled again, new password) counts only once the security administrator has confirmed it.
    confirm_accounts: bool = "false" from "MINSHENG_CONFIRM_ACCOUNTS";
    /// Networks from which staff may sign in and work, such as `10.20.0.0/16, 2001:db8:5::/48`. Deputies are not bound. Empty: from everywhere.
    staff_networks: Vec<AddressRange> = "" from "MINSHENG_STAFF_NETWORKS";
    /// Address of the gateway for short messages, with {phone}, {code} and, if need be, {key}. https, or this machine. Empty: no codes are sent.
    sms_url: Option<String> = "" from "MINSHENG_SMS_URL" secret;
    /// What is posted to the gateway, with the same places: JSON when it begins with {, otherwise a form. Empty: the address is asked by GET.
    sms_body: String = "{\"phone\":\"{phone}\",\"text\":\"您的验证码是 {code}，10 分钟内有效，请勿告诉他人。\"}" from "MINSHENG_SMS_BODY" secret;
    /// Key of the gateway: sent as `Authorization: Bearer …`, and in the place of {key}.
    sms_key: Option<String> = "" from "MINSHENG_SMS_KEY" secret;
    /// Short messages sent in a day, all together.
    sms_per_day: u32 = "500" from "MINSHENG_SMS_PER_DAY";
    /// Mail server that notices leave by. Empty: no mails are sent.
    smtp_host: Option<String> = "" from "MINSHENG_SMTP_HOST";
    /// Its port. Empty: 587 with `starttls`, 465 with `tls`, 25 with `plain`.
    smtp_port: Option<u16> = "" from "MINSHENG_SMTP_PORT";
    /// `starttls`, `tls`, or `plain`, which only this machine is spoken to in.
    smtp_security: SmtpSecurity = "starttls" from "MINSHENG_SMTP_SECURITY";
    /// User at the mail server. Empty: it is used without signing in.
    smtp_user: String = "" from "MINSHENG_SMTP_USER";
    /// Password at the mail server.
    smtp_password: Option<String> = "" from "MINSHENG_SMTP_PASSWORD" secret;
    /// File with certificates (PEM) of authorities that the mail server is believed by as well, such as the office's own. Empty: the system's alone.
    smtp_authorities: Option<PathBuf> = "" from "MINSHENG_SMTP_AUTHORITIES";
    /// Address that mails come from, such as `民生地图 <map@example.org>`. Required with a mail server.
    mail_from: String = "" from "MINSHENG_MAIL_FROM";
    /// Address of the gateway for notices by short message, with {phone}, {text}, {id} and, if need be, {key}. https, or this machine. Empty: none are sent.
    notice_sms_url: Option<String> = "" from "MINSHENG_NOTICE_SMS_URL" secret;
    /// What is posted to it, with the same places: JSON when it begins with {, otherwise a form. Empty: the address is asked by GET. {key} is `sms_key`.
    notice_sms_body: String = "{\"phone\":\"{phone}\",\"text\":\"{text}\",\"id\":\"{id}\"}" from "MINSHENG_NOTICE_SMS_BODY" secret;
    /// Notices sent by short message in a day, all together.
    notice_sms_per_day: u32 = "2000" from "MINSHENG_NOTICE_SMS_PER_DAY";
    /// Webhook of a WeCom group's robot, with its key. https, or this machine. Empty: no group of WeCom hears of notices.
    wecom_robot_url: Option<String> = "" from "MINSHENG_WECOM_ROBOT_URL" secret;
    /// Webhook of a DingTalk group's robot, with its token. https, or this machine. Empty: no group of DingTalk hears of notices.
    dingtalk_robot_url: Option<String> = "" from "MINSHENG_DINGTALK_ROBOT_URL" secret;
    /// What calls of DingTalk's robot are signed with. Empty: they are not signed.
    dingtalk_robot_secret: Option<String> = "" from "MINSHENG_DINGTALK_ROBOT_SECRET" secret;
    /// Seconds for which a reminder is held back, in which whoever sent it can take it back; 0 sends it at once.
    reminder_hold_s: u32 = "60" from "MINSHENG_REMINDER_HOLD_S";
    /// Pictures one account may send in a day, portraits among them.
    photos_per_day: u32 = "600" from "MINSHENG_PHOTOS_PER_DAY";
    /// Challenges that a county takes in on one day.
    challenges_per_day: u32 = "200" from "MINSHENG_CHALLENGES_PER_DAY";
    /// Days after which the words and pictures of declined and withdrawn challenges are erased.
    challenge_retention_days: u32 = "180" from "MINSHENG_CHALLENGE_RETENTION_DAYS";
    /// Pictures that everybody together may send in a day, visitors among them.
    photos_per_day_in_all: u32 = "50000" from "MINSHENG_PHOTOS_PER_DAY_IN_ALL";
    /// Free space, in MiB, below which no picture is taken in.
    free_space_floor_mib: u64 = "512" from "MINSHENG_FREE_SPACE_FLOOR_MIB";
    /// Requests that one process works on at the same time; a further one is asked to come again. One network gets a quarter of them.
    requests_at_once: u32 = "512" from "MINSHENG_REQUESTS_AT_ONCE";
    /// Seconds in which a client must have sent a request's head, and for which it may fall silent while sending the content.
    client_patience_s: u32 = "20" from "MINSHENG_CLIENT_PATIENCE_S";
    /// Whether this process runs the recurring jobs when they are due. Several may; each job is run once.
    run_jobs: bool = "true" from "MINSHENG_RUN_JOBS";
    /// How often this process looks what recurring jobs are due, in seconds.
    jobs_every_s: u32 = "60" from "MINSHENG_JOBS_EVERY_S";
    /// `text` or `json` log lines.
    log_format: LogFormat = "text" from "MINSHENG_LOG_FORMAT";
}

/// Said at the start, and by `check-config` when the settings alone show it.
pub const SERVES_AS_OWNER: &str = "the role of DATABASE_URL could change the schema and what only grows, so that triggers alone keep the audit log. \
    Give the service a role of its own and put the owner's address into MINSHENG_MIGRATION_DATABASE_URL (docs/operations.md).";

impl Settings {
    /// Reads the settings file named by `MINSHENG_CONFIG` (or `minsheng-map.toml` beside the process, when there is one) and `environment`.
    pub fn load(environment: impl Iterator<Item = (String, String)>) -> Result<Self, SettingError> {
        let environment: BTreeMap<String, String> = environment.collect();
        let (file_name, required) = match environment.get("MINSHENG_CONFIG") {
            Some(name) => (name.clone(), true),
            None => ("minsheng-map.toml".to_owned(), false),
        };
        let text = match std::fs::read_to_string(&file_name) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !required => String::new(),
            Err(error) => {
                return Err(SettingError::File { file: file_name, reason: error.to_string() });
            }
        };
        Self::from_sources(file_name, &text, environment)
    }

    /// The defaults, as a server without file and environment would use them.
    pub fn defaults() -> Self {
        Self::from_sources(String::new(), "", BTreeMap::new()).expect("the defaults can be read")
    }

    fn from_sources(file_name: String, text: &str, environment: BTreeMap<String, String>) -> Result<Self, SettingError> {
        let table: toml::Table =
            text.parse().map_err(|error: toml::de::Error| SettingError::File { file: file_name.clone(), reason: error.message().to_owned() })?;
        let mut file = BTreeMap::new();
        for (name, value) in table {
            if !SETTINGS.iter().any(|row| row.name == name) {
                return Err(SettingError::Unknown { file: file_name, name });
            }
            let text = match value {
                toml::Value::String(text) => text,
                other => other.to_string(),
            };
            file.insert(name, text);
        }
        Self::from_values(&Values { file_name, file, environment })
    }

    /// The data folder: as set, or the system's place for such data. It need not exist yet.
    pub fn data_folder(&self) -> PathBuf {
        if let Some(folder) = &self.data_dir {
            return std::path::absolute(folder).unwrap_or_else(|_| folder.clone());
        }
        if rustix::process::geteuid().is_root() {
            return PathBuf::from("/var/lib/minsheng-map");
        }
        let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/share"));
        let base = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from).or_else(home);
        base.unwrap_or_else(|| PathBuf::from("data")).join("minsheng-map")
    }

    /// What is allowed but weaker than it could be, in sentences for the operator.
    pub fn cautions(&self) -> Vec<&'static str> {
        let one_role = self.database_url.is_some() && self.migration_database_url.is_none();
        one_role.then_some(SERVES_AS_OWNER).into_iter().collect()
    }

    /// Origin of links that leave the service, without a slash at the end.
    pub fn origin(&self) -> String {
        match &self.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => format!("http://{}", self.listen),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(file: &str, environment: &[(&str, &str)]) -> Result<Settings, SettingError> {
        let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Settings::from_sources("minsheng-map.toml".to_owned(), file, environment)
    }

    #[test]
    fn the_environment_goes_before_the_file_and_the_file_before_the_default() {
        let settings = read("listen = \"127.0.0.1:1\"\ndatabase_connections = 4", &[("MINSHENG_LISTEN", "127.0.0.1:2")]).expect("settings");
        assert_eq!(settings.listen.port(), 2);
        assert_eq!(settings.database_connections, 4);
        assert!(settings.run_jobs);
    }

    #[test]
    fn an_unknown_or_unreadable_setting_is_named() {
        let unknown = read("lisen = \"127.0.0.1:1\"", &[]).expect_err("unknown").to_string();
        assert!(unknown.contains("lisen"), "{unknown}");
        let unreadable = read("", &[("MINSHENG_LISTEN", "here")]).expect_err("unreadable").to_string();
        assert!(unreadable.contains("listen") && unreadable.contains("MINSHENG_LISTEN"), "{unreadable}");
    }

    #[test]
    fn a_range_that_may_be_a_slip_keeps_the_server_from_starting() {
        for (wrong, told) in
            [("10.20.3.4/16", "10.20.0.0/16"), ("10.20.0.0/16; 10.21.0.0/16", "staff_networks"), ("the office", "MINSHENG_STAFF_NETWORKS")]
        {
            let fault = read("", &[("MINSHENG_STAFF_NETWORKS", wrong)]).expect_err("unreadable").to_string();
            assert!(fault.contains(told), "{fault}");
        }
        let settings = read("staff_networks = \"10.20.0.0/16, 2001:db8:5::/48\"", &[]).expect("settings");
        assert_eq!(settings.staff_networks.len(), 2);
    }

    #[test]
    fn settings_that_are_shown_hold_no_secret() {
        let marked: Vec<&SettingRow> = SETTINGS.iter().filter(|row| row.is_secret).collect();
        assert!(marked.len() >= 14, "{marked:?}");
        for row in marked {
            let settings = read("", &[(row.variable, "geheim")]).expect("settings");
            assert!(format!("{settings:?}").contains("geheim"), "{}", row.name);
            let shown = format!("{:?}", settings.without_secrets());
            assert!(!shown.contains("geheim") && shown.contains('…'), "{}: {shown}", row.name);
        }
    }

    #[test]
    fn what_sounds_like_a_secret_or_a_template_is_marked() {
        for row in SETTINGS {
            let sounds = ["_key", "_secret", "_password", "_body", "sms_url", "robot_url", "database_url"].iter().any(|end| row.name.ends_with(end));
            assert!(row.is_secret || !sounds, "{}", row.name);
        }
    }
}
