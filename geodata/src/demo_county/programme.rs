//! The year's ten livelihood projects, as a list that a county could have voted: titles, units, how many sites, what they are called.

use super::Theme;

/// One project to be split into sites.
pub(super) struct Programme {
    pub theme: Theme,
    pub title: &'static str,
    pub lead_unit: &'static str,
    /// A company that builds some of the sites, beside the lead unit and the townships.
    pub company: Option<&'static str>,
    pub sites: usize,
    /// Names of sites; 〇 stands for the village.
    pub site_names: &'static [&'static str],
    /// What is to be reached, with `#` for a number between the bounds.
    pub quota: (&'static str, u32, u32),
    /// Fewest and most people one site serves.
    pub people_served: (u32, u32),
    /// Days a site is planned to take, shortest and longest.
    pub days: (u32, u32),
}

const BUILDERS: Option<&str> = Some("澄溪县城市建设发展有限公司");
const ROADS: Option<&str> = Some("澄溪县交通建设有限公司");
const WATER: Option<&str> = Some("澄溪县水务集团有限公司");

pub(super) const PROGRAMMES: [Programme; 10] = [
    Programme {
        theme: Theme::Kindergarten,
        title: "新改扩建公办幼儿园",
        lead_unit: "县教育局",
        company: BUILDERS,
        sites: 12,
        site_names: &["〇幼儿园新建工程", "〇幼儿园扩建工程", "〇幼儿园改造提升工程"],
        quota: ("新增学位 # 个", 9, 36),
        people_served: (270, 1_080),
        days: (220, 340),
    },
    Programme {
        theme: Theme::Road,
        title: "农村公路提升和危桥改造",
        lead_unit: "县交通运输局",
        company: ROADS,
        sites: 30,
        site_names: &["〇公路提升工程", "〇联村公路拓宽工程", "〇桥危桥改造工程", "〇公路安防工程"],
        quota: ("提升公路 # 百米", 6, 68),
        people_served: (600, 5_200),
        days: (120, 260),
    },
    Programme {
        theme: Theme::Canteen,
        title: "老年食堂和居家养老服务",
        lead_unit: "县民政局",
        company: None,
        sites: 34,
        site_names: &["〇老年食堂", "〇居家养老服务中心", "〇助餐配送点"],
        quota: ("每日供餐 # 份", 40, 180),
        people_served: (80, 620),
        days: (80, 200),
    },
    Programme {
        theme: Theme::Clinic,
        title: "卫生院和村级卫生室改造",
        lead_unit: "县卫生健康局",
        company: None,
        sites: 22,
        site_names: &["〇卫生室标准化改造", "〇社区卫生服务站新建", "〇智慧健康站"],
        quota: ("改造面积 # 平方米", 120, 900),
        people_served: (900, 6_500),
        days: (120, 250),
    },
    Programme {
        theme: Theme::Water,
        title: "农村饮用水管网改造",
        lead_unit: "县水利局",
        company: WATER,
        sites: 24,
        site_names: &["〇供水管网改造", "〇加压泵站新建", "〇水厂净水设备提升"],
        quota: ("改造管网 # 百米", 8, 96),
        people_served: (400, 4_800),
        days: (100, 230),
    },
    Programme {
        theme: Theme::Housing,
        title: "老旧小区改造和加装电梯",
        lead_unit: "县住房和城乡建设局",
        company: BUILDERS,
        sites: 14,
        site_names: &["〇新村改造工程", "〇家园加装电梯工程", "〇公寓雨污分流工程"],
        quota: ("惠及居民 # 户", 60, 720),
        people_served: (180, 2_200),
        days: (160, 310),
    },
    Programme {
        theme: Theme::Park,
        title: "口袋公园和滨水绿道",
        lead_unit: "县综合行政执法局",
        company: BUILDERS,
        sites: 22,
        site_names: &["〇口袋公园", "〇滨水绿道", "〇儿童友好公园"],
        quota: ("建成绿地 # 百平方米", 8, 120),
        people_served: (1_200, 9_000),
        days: (100, 220),
    },
    Programme {
        theme: Theme::Parking,
        title: "公共停车位和充电设施",
        lead_unit: "县发展和改革局",
        company: BUILDERS,
        sites: 20,
        site_names: &["〇公共停车场", "〇公共充电站", "〇停车位扩容工程"],
        quota: ("新增泊位 # 个", 24, 210),
        people_served: (500, 5_000),
        days: (80, 200),
    },
    Programme {
        theme: Theme::Market,
        title: "农贸市场提升改造",
        lead_unit: "县市场监督管理局",
        company: None,
        sites: 12,
        site_names: &["〇农贸市场改造", "〇集市提升工程"],
        quota: ("改造摊位 # 个", 30, 160),
        people_served: (3_000, 16_000),
        days: (120, 260),
    },
    Programme {
        theme: Theme::Culture,
        title: "文化礼堂和百姓健身场地",
        lead_unit: "县文化和广电旅游体育局",
        company: None,
        sites: 18,
        site_names: &["〇文化礼堂", "〇健身广场", "〇百姓书屋"],
        quota: ("建成场地 # 平方米", 150, 1_600),
        people_served: (800, 4_200),
        days: (90, 230),
    },
];
