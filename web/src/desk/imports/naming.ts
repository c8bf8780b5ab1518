// Kinds of import and the meanings of recognised columns, in words. What this page does not know is shown as it is written.
import { translator } from '../../i18n/translator';
import { t } from './texts';

const KINDS = ['sites', 'regions', 'grid_cells', 'stations', 'deputies'] as const;

export function kindName(kind: string): string {
  const known = KINDS.find((each) => each === kind);
  return known ? t(`import.kind_${known}`) : kind;
}

const COLUMNS_ZH = {
  serial: '序号',
  project_number: '项目序号',
  project: '项目',
  project_title: '项目',
  code: '编号',
  name: '名称',
  site: '点位',
  region: '镇街',
  address: '地址',
  position: '坐标',
  lon: '经度',
  lat: '纬度',
  unit: '责任单位',
  lead_unit: '牵头单位',
  planned_start_on: '计划开工',
  planned_finish_on: '计划完工',
  stage: '状态',
  percent: '进度',
  quota: '建设内容',
  people_served: '服务人数',
  remarks: '备注',
  kind: '类别',
  telephone: '电话',
  opening_hours: '开放时间',
  integrity_monitoring: '廉情监测',
  phone: '手机号',
  level: '级别',
  constituency: '选区',
  group: '代表小组',
  theme: '专题',
  station: '联络站',
  adoptions: '领办点位',
  adopted_sites: '领办点位',
} as const;

type ColumnName = keyof typeof COLUMNS_ZH;

const COLUMNS_EN: Record<ColumnName, string> = {
  serial: 'Serial',
  project_number: 'Project number',
  project: 'Project',
  project_title: 'Project',
  code: 'Code',
  name: 'Name',
  site: 'Site',
  region: 'Township',
  address: 'Address',
  position: 'Coordinates',
  lon: 'Longitude',
  lat: 'Latitude',
  unit: 'Unit',
  lead_unit: 'Lead unit',
  planned_start_on: 'Planned start',
  planned_finish_on: 'Planned finish',
  stage: 'Stage',
  percent: 'Percent',
  quota: 'Scope',
  people_served: 'People served',
  remarks: 'Remarks',
  kind: 'Kind',
  telephone: 'Telephone',
  opening_hours: 'Opening hours',
  integrity_monitoring: 'Integrity monitoring',
  phone: 'Mobile',
  level: 'Level',
  constituency: 'Constituency',
  group: 'Group',
  theme: 'Theme',
  station: 'Station',
  adoptions: 'Adopted sites',
  adopted_sites: 'Adopted sites',
};

const columns = translator<ColumnName>(COLUMNS_ZH, COLUMNS_EN);

export function columnName(name: string): string {
  return name in COLUMNS_ZH ? columns(name as ColumnName) : name;
}
