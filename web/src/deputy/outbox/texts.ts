// What the app says about reports on their way: how each stands, what the phone keeps, and what can be done when something is in the way.
import { translator } from '../../i18n/translator';

export const t = translator(
  {
    title: '待提交',
    count: '{count} 份反馈还在手机里，没有全部送到',
    count_one: '1 份反馈还在手机里，没有全部送到',
    open: '查看',
    send_all: '立即提交',
    sending_all: '正在提交…',
    empty: '没有待提交的反馈，都送到了。',
    safe: '内容已存在这部手机里，只有您登录后才看得到。连上网络、重新打开应用时会自动提交；同一份反馈不会重复。',
    for_month: '{month}反馈',
    written: '{moment} 填写',
    go_on: '继续填写',
    look: '查看',
    delete: '删除',
    delete_title: '删除这份反馈？',
    delete_ask: '“{site}”的这份反馈还没有送到，删除后无法找回。',
    keep_it: '不删除',
    copy: '复制文字',
    copied: '已复制',
    left_behind: '手机里还有没送到的反馈',
    'left_behind.lead': '您已不再担任代表，这些反馈不能再提交。可以把文字复制给现在的领办代表或县人大常委会，再删除。',
    'left_behind.none': '（没有文字）',

    'state.editing': '草稿，还没有提交',
    'state.sending': '正在提交反馈…',
    'state.sending_photos': '反馈已收到，正在传照片，还差 {count} 张',
    'state.network': '等待网络，连上后自动提交',
    'state.network_photos': '反馈已收到，还差 {count} 张照片，等待网络',
    'state.busy': '服务器忙，稍后自动再试',
    'state.busy_photos': '反馈已收到，还差 {count} 张照片，稍后自动再传',
    'state.signed_out': '登录已失效，登录后继续提交',
    'state.signed_out_photos': '反馈已收到，还差 {count} 张照片，登录后继续',
    'state.refused': '没有收下：{words}',
    'state.received': '已收到',

    'conflict.struck_off':
      '您填写之后，这个点位已经销号，不再需要反馈。可以删除这份反馈；如果现场其实没有完成，请向县人大常委会反映。',
    'conflict.not_adopted':
      '填写时这个点位已不由您领办（可能已移交给别的代表）。可以把文字复制给现在的领办代表，再删除这份反馈。',
    'conflict.gone': '这个点位已经撤销或并入别的点位，不再接收反馈。可以删除这份反馈。',
    'conflict.key_reused': '这份反馈的另一个内容已经先送到了。点“返回修改”后再提交，会作为新的一版，不会重复。',
    'conflict.site': '看这个点位',

    'disagree.other':
      '{name} 代表本月反馈为“{stage}”，与您不同。两份都会保留，地图以最后写的为准，县人大常委会会看到并核实。',
    'disagree.superseded': '您后来在另一部手机上又写了一份本月反馈，以那份为准；这一份作为以前的版本保留。',
    'disagree.replaced': '本月您已报过（可能用的另一部手机），这一份是第 {version} 版，以这份为准。',

    'room.full':
      '手机存储空间满了，刚才的照片或改动还没有存下来。请先不要关闭本页：马上提交，或删掉手机里不用的东西后点“再存一次”。',
    'room.refused': '这个浏览器不允许保存内容（可能是无痕模式）。请不要关闭本页，写完马上提交；或换普通窗口打开。',
    'room.scarce': '手机可用空间不多了（约 {mb} MB）。建议先把写好的反馈提交，再继续拍照。',
    'room.again': '再存一次',
    'photo.lost': '有照片已不在手机里（可能被系统清理），请重新拍摄后补报',

    'offline.since': '没有网络，显示的是 {moment} 的内容。照常填写，联网后自动提交。',
    'offline.notice': '没有网络。照常填写，内容存在手机里，联网后自动提交。',
    'offline.none': '没有网络，这一页还没有存过。连上网络打开一次后，以后没有网络也能看。',

    'leave.title': '还有没送到的反馈',
    'leave.words': '这部手机里有 {count} 份反馈没有送到。退出后别人登录看不到它们；您下次登录会接着提交。',
    'leave.stay': '先不退出',
    'leave.keep': '退出，保留在手机里',
    'leave.delete': '退出，并删除这些反馈',

    'app.out_of_date': '页面有新版本，关闭后重新打开即可使用。',
  },
  {
    title: 'Waiting',
    count: '{count} reports are still on this phone',
    count_one: '1 report is still on this phone',
    open: 'Open',
    send_all: 'Send now',
    sending_all: 'Sending…',
    empty: 'Nothing is waiting; everything has arrived.',
    safe: 'It is kept on this phone and seen only when you are signed in. It goes by itself when the network returns or the app is opened; no report is counted twice.',
    for_month: 'For {month}',
    written: 'Written {moment}',
    go_on: 'Go on',
    look: 'Open',
    delete: 'Delete',
    delete_title: 'Delete this report?',
    delete_ask: 'This report on “{site}” has not arrived. Once deleted it cannot be brought back.',
    keep_it: 'Keep it',
    copy: 'Copy the words',
    copied: 'Copied',
    left_behind: 'Reports on this phone did not arrive',
    'left_behind.lead':
      'You are no longer a deputy, so they can no longer be sent. Copy the words to the deputy who has the site now or to the standing committee, then delete them.',
    'left_behind.none': '(no words)',

    'state.editing': 'Draft, not submitted',
    'state.sending': 'Sending the report…',
    'state.sending_photos': 'Report received; sending photographs, {count} to go',
    'state.network': 'Waiting for the network, then goes by itself',
    'state.network_photos': 'Report received; {count} photographs wait for the network',
    'state.busy': 'The server is busy; tried again by itself',
    'state.busy_photos': 'Report received; {count} photographs are tried again shortly',
    'state.signed_out': 'Your sign-in has ended; goes on when you sign in',
    'state.signed_out_photos': 'Report received; {count} photographs go on when you sign in',
    'state.refused': 'Not accepted: {words}',
    'state.received': 'Received',

    'conflict.struck_off':
      'The site was struck off after you wrote this, and owes no report. You may delete it; if the work is not done in truth, tell the standing committee.',
    'conflict.not_adopted':
      'When you wrote this the site was no longer yours (it may have been handed over). Copy the words to the deputy who has it now, then delete the report.',
    'conflict.gone': 'The site was withdrawn or joined with another and takes no reports. You may delete this one.',
    'conflict.key_reused':
      'Other content of this report arrived before. Press “Correct it” and submit again: it becomes a new version, not a second report.',
    'conflict.site': 'Open the site',

    'disagree.other':
      'Deputy {name} reported “{stage}” this month, unlike you. Both are kept; the map follows the one written last, and the committee sees that they differ.',
    'disagree.superseded':
      'You wrote a later report for this month on another phone; that one counts, this one is kept as an earlier version.',
    'disagree.replaced':
      'You had reported this month already (perhaps on another phone); this is version {version} and counts.',

    'room.full':
      'The phone is full: the last photographs or changes are not kept yet. Leave this page open and submit now, or free some room and press “Keep again”.',
    'room.refused':
      'This browser keeps nothing (a private window?). Leave this page open and submit soon, or use a normal window.',
    'room.scarce':
      'Little room is left on this phone (about {mb} MB). Submit what is written before taking more photographs.',
    'room.again': 'Keep again',
    'photo.lost': 'photographs are gone from the phone (perhaps cleared by the system); take them again and amend',

    'offline.since': 'No network: this is from {moment}. Go on as usual; reports are sent when the network returns.',
    'offline.notice': 'No network. Go on as usual; reports are kept here and sent when it returns.',
    'offline.none':
      'No network, and this page was not kept yet. Open it once with network and it will be there without.',

    'leave.title': 'Reports are still waiting',
    'leave.words':
      '{count} reports on this phone have not arrived. Nobody else who signs in sees them; they go on when you sign in again.',
    'leave.stay': 'Stay signed in',
    'leave.keep': 'Sign out, keep them here',
    'leave.delete': 'Sign out and delete them',

    'app.out_of_date': 'There is a new version: close the app and open it again.',
  },
);
