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
  project_title: '项目名称',
  lead_unit: '牵头单位',
  code: '编号',
  name: '名称',
  township: '镇街',
  region: '镇街',
  address: '地址',
  longitude: '经度',
  latitude: '纬度',
  position: '坐标',
  unit: '责任单位',
  planned_start: '计划开工',
  planned_finish: '计划完工',
  planned_start_on: '计划开工',
  planned_finish_on: '计划完工',
  stage: '状态',
  percent: '进度',
  quota: '建设内容',
  people_served: '服务人数',
  remarks: '备注',
  kind: '类别',
  integrity_monitoring: '廉情监测',
  telephone: '电话',
  opening_hours: '开放时间',
  phone: '手机号',
  level: '级别',
  constituency: '选区',
  group: '代表小组',
  station: '联络站',
  adopted_sites: '领办点位',
  project: '项目',
  boundary: '边界',
} as const;

type ColumnName = keyof typeof COLUMNS_ZH;

const COLUMNS_EN: Record<ColumnName, string> = {
  serial: 'Serial',
  project_number: 'Project number',
  project_title: 'Project',
  lead_unit: 'Lead unit',
  code: 'Code',
  name: 'Name',
  township: 'Township',
  region: 'Township',
  address: 'Address',
  longitude: 'Longitude',
  latitude: 'Latitude',
  position: 'Coordinates',
  unit: 'Unit',
  planned_start: 'Planned start',
  planned_finish: 'Planned finish',
  planned_start_on: 'Planned start',
  planned_finish_on: 'Planned finish',
  stage: 'Stage',
  percent: 'Percent',
  quota: 'Scope',
  people_served: 'People served',
  remarks: 'Remarks',
  kind: 'Kind',
  integrity_monitoring: 'Integrity monitoring',
  telephone: 'Telephone',
  opening_hours: 'Opening hours',
  phone: 'Mobile',
  level: 'Level',
  constituency: 'Constituency',
  group: 'Group',
  station: 'Station',
  adopted_sites: 'Adopted sites',
  project: 'Project',
  boundary: 'Boundary',
};

const columns = translator<ColumnName>(COLUMNS_ZH, COLUMNS_EN);

export function columnName(name: string): string {
  return name in COLUMNS_ZH ? columns(name as ColumnName) : name;
}
