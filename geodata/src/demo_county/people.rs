//! Stations, deputies and their groups, and which deputy adopts which site. Names and numbers are invented.

use super::chance::Chance;
use super::names::PeopleNames;
use super::plane::{Km, lon_lat};
use super::sites::{BuildingGround, address};
use super::territory::{SEATS, Territory};
use super::{Adoption, Deputy, DeputyGroup, DeputyLevel, Site, Station, StationKind};

const DEPUTIES: usize = 300;
const ORDINALS: [&str; 9] = ["一", "二", "三", "四", "五", "六", "七", "八", "九"];

/// Groups by speciality, beside two for each township.
const SPECIALITIES: [(&str, &str); 10] = [
    ("财政经济专业小组", "财政经济"),
    ("教育科学专业小组", "教育科学"),
    ("文化卫生专业小组", "文化卫生"),
    ("农业农村专业小组", "农业农村"),
    ("城建环保专业小组", "城建环保"),
    ("法治监督专业小组", "法治监督"),
    ("社会建设专业小组", "社会建设"),
    ("数字经济专业小组", "数字经济"),
    ("青年代表小组", "青年"),
    ("巾帼代表小组", "妇女儿童"),
];

/// How many stations there are of each kind; one home of deputies in every township.
const STATIONS: [(StationKind, usize); 6] = [
    (StationKind::Home, 13),
    (StationKind::Station, 17),
    (StationKind::Point, 10),
    (StationKind::Window, 4),
    (StationKind::Post, 3),
    (StationKind::Mobile, 3),
];

pub(super) fn stations(seed: u64, territory: &Territory, ground: &BuildingGround, taken: &mut Vec<Km>) -> Vec<Station> {
    let mut chance = Chance::new(seed, 0x57a7);
    let mut stations = Vec::new();
    let mut used_cells = Vec::new();
    for (kind, count) in STATIONS {
        for place in 0..count {
            let township = if kind == StationKind::Home { place } else { (place * 5 + stations.len()) % SEATS.len() };
            let grid_cell = free_grid_cell(territory, township, kind, &mut used_cells, &mut chance);
            let cell = &territory.grid_cells[grid_cell];
            let serial = stations.len() + 1;
            stations.push(Station {
                code: format!("LZ{serial:03}"),
                name: station_name(kind, SEATS[township].name, &cell.village),
                kind,
                integrity_monitoring: serial % 4 == 1,
                township,
                address: address(cell, &mut chance),
                telephone: format!("000-88{serial:02}{:03}", chance.below(1_000)),
                opening_hours: opening_hours(kind).to_owned(),
                position: lon_lat(ground.spot(grid_cell, township, taken, &mut chance)),
            });
        }
    }
    stations
}

/// The first grid cell of a township is its middle and takes the home; other stations go where none is yet.
fn free_grid_cell(territory: &Territory, township: usize, kind: StationKind, used: &mut Vec<usize>, chance: &mut Chance) -> usize {
    let of_township: Vec<_> = (0..territory.grid_cells.len()).filter(|cell| territory.grid_cells[*cell].township == township).collect();
    let free: Vec<_> = of_township.iter().copied().filter(|cell| !used.contains(cell)).collect();
    let chosen = if kind == StationKind::Home || free.is_empty() { of_township[0] } else { *chance.pick(&free) };
    // A village of two grid cells gets one station.
    used.extend(of_township.into_iter().filter(|cell| territory.grid_cells[*cell].village == territory.grid_cells[chosen].village));
    chosen
}

fn station_name(kind: StationKind, township: &str, village: &str) -> String {
    match kind {
        StationKind::Home => format!("{township}人大代表之家"),
        StationKind::Station => format!("{village}代表联络站"),
        StationKind::Point => format!("{village}代表联络点"),
        StationKind::Window => format!("{township}便民服务中心代表服务窗"),
        StationKind::Post => format!("{village}代表履职岗"),
        StationKind::Mobile => format!("{village}流动联络点"),
    }
}

fn opening_hours(kind: StationKind) -> &'static str {
    match kind {
        StationKind::Home => "周一至周五 8:30–17:00",
        StationKind::Station => "每月 15 日 9:00–11:30 代表接待日",
        StationKind::Point => "每月第二个周三 14:00–16:00",
        StationKind::Window => "周一至周六 8:30–16:30",
        StationKind::Post => "周一至周五 9:00–16:00",
        StationKind::Mobile => "每逢集市日 7:00–10:00",
    }
}

pub(super) fn groups() -> Vec<DeputyGroup> {
    let territorial = SEATS.iter().flat_map(|seat| {
        ["一", "二"].map(|ordinal| DeputyGroup { name: format!("{}第{ordinal}代表小组", seat.name), theme: "综合".to_owned() })
    });
    let special = SPECIALITIES.iter().map(|(name, theme)| DeputyGroup { name: format!("县人大{name}"), theme: (*theme).to_owned() });
    territorial.chain(special).collect()
}

pub(super) fn deputies(seed: u64, stations: &[Station]) -> Vec<Deputy> {
    let mut names = PeopleNames::new(seed);
    let mut chance = Chance::new(seed, 0xde9);
    let deputy = |serial: usize| {
        let township = serial % SEATS.len();
        let level = level(serial);
        let near: Vec<_> = (0..stations.len()).filter(|station| stations[*station].township == township).collect();
        let special = level != DeputyLevel::Township && chance.happens(0.3);
        Deputy {
            name: names.next(),
            level,
            constituency: constituency(level, SEATS[township].name, &mut chance),
            township,
            group: if special { SEATS.len() * 2 + chance.below(SPECIALITIES.len()) } else { township * 2 + chance.below(2) },
            station: *chance.pick(&near),
            personal_code: format!("D{:012x}", chance.bits() >> 16),
            phone: format!("199000{serial:05}"),
        }
    };
    (0..DEPUTIES).map(deputy).collect()
}

fn level(serial: usize) -> DeputyLevel {
    match serial {
        7 => DeputyLevel::National,
        21 | 74 | 130 | 188 | 245 => DeputyLevel::Provincial,
        _ if serial % 13 == (serial / 13) % 13 => DeputyLevel::City,
        _ if serial % 7 < 2 => DeputyLevel::Township,
        _ => DeputyLevel::County,
    }
}

fn constituency(level: DeputyLevel, township: &str, chance: &mut Chance) -> String {
    match level {
        DeputyLevel::National | DeputyLevel::Provincial | DeputyLevel::City => "澄溪县代表团".to_owned(),
        DeputyLevel::County => format!("{township}第{}选区", chance.pick(&ORDINALS)),
        DeputyLevel::Township => format!("{township}人大第{}选区", chance.pick(&ORDINALS)),
    }
}

/// Every site has an adopter of its township; about a quarter have two or three. Nobody adopts more than three.
pub(super) fn adoptions(seed: u64, sites: &[Site], deputies: &[Deputy]) -> Vec<Adoption> {
    const MOST_SITES: usize = 3;
    let mut chance = Chance::new(seed, 0xad09);
    let mut load = vec![0_usize; deputies.len()];
    let mut adoptions = Vec::new();
    for (site, place) in sites.iter().enumerate() {
        let adopters = 1 + usize::from(chance.happens(0.25)) * (1 + usize::from(chance.happens(0.2)));
        let mut willing: Vec<_> = (0..deputies.len()).filter(|deputy| load[*deputy] < MOST_SITES).collect();
        chance.shuffle(&mut willing);
        willing.sort_by_key(|deputy| deputies[*deputy].township != place.township);
        for deputy in willing.into_iter().take(adopters) {
            load[deputy] += 1;
            adoptions.push(Adoption { site, deputy });
        }
    }
    adoptions
}
