//! What a setting may name besides figures and texts.

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

impl std::str::FromStr for LogFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("text or json".to_owned()),
        }
    }
}

/// What lies under the county's own drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BasemapKind {
    /// Nothing else.
    County,
    Tianditu,
    /// A file of tiles beside the server.
    Pmtiles,
    /// Picture tiles of any service.
    Xyz,
}

impl std::str::FromStr for BasemapKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "county" => Ok(Self::County),
            "tianditu" => Ok(Self::Tianditu),
            "pmtiles" => Ok(Self::Pmtiles),
            "xyz" => Ok(Self::Xyz),
            _ => Err("county, tianditu, pmtiles or xyz".to_owned()),
        }
    }
}

/// Which of Tianditu's maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TiandituLayer {
    Vector,
    Imagery,
    Terrain,
}

impl TiandituLayer {
    /// The names of the map and of its labels, in the projection of web maps.
    pub fn layers(self) -> (&'static str, &'static str) {
        match self {
            Self::Vector => ("vec_w", "cva_w"),
            Self::Imagery => ("img_w", "cia_w"),
            Self::Terrain => ("ter_w", "cta_w"),
        }
    }
}

impl std::str::FromStr for TiandituLayer {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "vec" => Ok(Self::Vector),
            "img" => Ok(Self::Imagery),
            "ter" => Ok(Self::Terrain),
            _ => Err("vec, img or ter".to_owned()),
        }
    }
}

/// How a mail server is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpSecurity {
    /// In the clear at first, over TLS before anything is said.
    Starttls,
    /// Over TLS from the first byte.
    Tls,
    /// In the clear; on this machine alone.
    Plain,
}

impl std::str::FromStr for SmtpSecurity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "starttls" => Ok(Self::Starttls),
            "tls" => Ok(Self::Tls),
            "plain" => Ok(Self::Plain),
            _ => Err("starttls, tls or plain".to_owned()),
        }
    }
}

/// Which rules hold for passwords.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PasswordProfile {
    /// OWASP ASVS: long, not guessable, and no change without a reason.
    Asvs,
    /// Graded protection (等级保护): kinds of characters, an age, a history.
    Dengbao,
}

impl std::str::FromStr for PasswordProfile {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "asvs" => Ok(Self::Asvs),
            "dengbao" => Ok(Self::Dengbao),
            _ => Err("asvs or dengbao".to_owned()),
        }
    }
}

/// Who must hold a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondFactorRule {
    /// Nobody; whoever wants one may.
    Offered,
    /// Everybody who is not a deputy alone.
    Staff,
}

impl std::str::FromStr for SecondFactorRule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "offered" => Ok(Self::Offered),
            "staff" => Ok(Self::Staff),
            _ => Err("offered or staff".to_owned()),
        }
    }
}
