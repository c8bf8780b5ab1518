//! Invented names of villages and people: common characters put together by chance, meaning nobody and nowhere.

use super::chance::Chance;
use super::territory::SEATS;

const VILLAGE_FIRST: &str = "松桃竹梅兰柳枫杏桑荷莲菱石云月星泉溪清碧青白金银丰福安宁康和瑞祥新旧上下东西南北前后长方高平";
const VILLAGE_LAST: &str = "岭坞塘桥溪湾埠浜泾漾墩圩庄墅坪坑洋田村渡港浦亭井堰林园";
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严武戚莫孔向汤柳施俞";
const GIVEN_FIRST: &str = "建国志文晓海明春秋玉美丽俊永家伟宏立德金银雪云雨佳思子一新正天长松柏竹兰荷芳慧静敏";
const GIVEN_LAST: &str = "华平军强峰芳英兰梅荣生林涛斌波宁杰浩洁琴霞燕敏慧娟丽萍红颖怡琳瑶宇轩航泽涵欣悦";

/// Gives out village names, each once.
pub(super) struct VillageNames {
    unused: Vec<String>,
}

impl VillageNames {
    pub fn new(seed: u64) -> Self {
        let mut unused = Vec::new();
        for first in VILLAGE_FIRST.chars() {
            unused.extend(VILLAGE_LAST.chars().filter(|last| *last != first).map(|last| format!("{first}{last}")));
        }
        Chance::new(seed, 0x7611).shuffle(&mut unused);
        // 村 ends the full name, and 村村 would be a slip.
        unused.retain(|name| !name.ends_with('村') && !SEATS.iter().any(|seat| seat.name.starts_with(name.as_str())));
        Self { unused }
    }

    /// The next village's full name: communities in the three sub-districts, villages elsewhere.
    pub fn next(&mut self, township: usize) -> String {
        let name = self.unused.pop().expect("far more names than villages");
        let kind = if township < 3 { "社区" } else { "村" };
        name + kind
    }
}

/// Gives out people's names, each once.
pub(super) struct PeopleNames {
    chance: Chance,
    given_out: std::collections::HashSet<String>,
}

impl PeopleNames {
    pub fn new(seed: u64) -> Self {
        Self { chance: Chance::new(seed, 0x9a3e), given_out: std::collections::HashSet::new() }
    }

    pub fn next(&mut self) -> String {
        loop {
            let surname = letter(SURNAMES, &mut self.chance);
            let last = letter(GIVEN_LAST, &mut self.chance);
            // Most given names have two characters.
            let name = if self.chance.happens(0.78) {
                let first = letter(GIVEN_FIRST, &mut self.chance);
                if first == last {
                    continue;
                }
                format!("{surname}{first}{last}")
            } else {
                format!("{surname}{last}")
            };
            if self.given_out.insert(name.clone()) {
                return name;
            }
        }
    }
}

fn letter(letters: &str, chance: &mut Chance) -> char {
    let place = chance.below(letters.chars().count());
    letters.chars().nth(place).unwrap_or('云')
}
