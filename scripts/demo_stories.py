"""What is told one by one in the demo county: which promise is late, and the
requests in which the rarer verbs are seen at work.

A step is (working days ago, time, who, command, parameters); `who` is an account,
or CONTACT, GUIDE, DISPATCHER of the ticket's enterprise. Nothing lies today, so
that the county is the same at any hour.
"""
import collections

CONTACT, GUIDE, DISPATCHER = "contact", "guide", "dispatcher"
# So many days from today on; so many working days ago.
Ahead = collections.namedtuple("Ahead", "days clock")
Ago = collections.namedtuple("Ago", "days clock")
# A story is about one enterprise, by its place in the register.
Story = collections.namedtuple("Story", "ref enterprise steps")

# The promise that is not kept yet: filed so many working days ago, by whom it
# is being handled.
STRAGGLERS = [
    (2, "jtj"), (3, "zjj"), (3, "gdgs"), (4, "zjj"), (4, "sthj"), (4, "scj"),
    (5, "jtj"), (5, "zjj"), (6, "zjj"), (7, "fgj"), (8, "zjj"), (9, "zrzy"),
    (10, "sthj"), (12, "zjj"), (14, "zrzy"), (17, "jtj"),
]
STUCK = ["已两次催要图审意见，对方单位尚未回复。", "需上级部门批复，已专题请示。",
         "现场条件变化，正与企业商定整改方案。", "涉及多个部门，拟提请联席会议。"]

# Sent to the wrong department, given back, late, badly rated, done again, closed.
LOOP = Story("LL00600", 2, [
    (24, "09:12", GUIDE, "file", {
        "category": "permits", "channel": "visit", "title": "3号厂房竣工联合验收",
        "text": "3号厂房已完工，消防、规划、人防三家验收时间对不上，"
                "设备进不了场，订单等着投产。"}),
    (24, "10:05", DISPATCHER, "dispatch", {
        "unit": "spj", "measure": "牵头组织三家联合验收。"}),
    (24, "11:20", "spj-1", "return", {
        "reason": "联合验收由住建部门牵头，本局负责统一受理，建议改派。"}),
    (24, "14:40", DISPATCHER, "decide", {
        "dispatch": 1, "grant": True, "fault": "dispatcher",
        "reason": "同意。派单时责任单位选择有误。"}),
    (24, "15:05", DISPATCHER, "dispatch", {
        "unit": "zjj", "measure": "五个工作日内组织一次联合现场验收，"
                                  "当场出具整改意见。"}),
    (23, "14:30", "zjj-1", "accept", {}),
    (23, "14:50", DISPATCHER, "dispatch", {
        "unit": "zrzy", "kind": "co", "limit": "3wd",
        "measure": "同步完成规划条件核实。"}),
    (23, "16:10", "zrzy-1", "accept", {}),
    (22, "09:30", "zjj-2", "contact", {
        "text": "已到现场，与企业逐项核对验收条件。"}),
    (21, "10:20", GUIDE, "note", {
        "text": "陪同验收组看了现场，消防水泵接合器标识需补。"}),
    (21, "16:00", "zrzy-2", "resolve", {
        "internal": "规划条件核实通过，意见已送主办单位。"}),
    (20, "11:00", "zjj-2", "answer", {
        "public": "规划核实已通过，消防整改后即可复验，预计一周内完成。"}),
    (16, "16:40", "zjj-2", "resolve", {
        "public": "联合验收已完成，请按整改意见落实。",
        "internal": "消防复验排期较满，拟下周安排。"}),
    (15, "09:50", CONTACT, "evaluate", {
        "score": 2, "solved": False,
        "text": "整改早就做完了，复验没人来，还是投不了产。"}),
    (14, "10:15", "zjj-1", "note", {
        "text": "局长办公会研究，消防复验提前到本周四。"}),
    (12, "16:20", "zjj-2", "resolve", {
        "public": "消防复验合格，验收意见书今日已送达企业。"}),
    (11, "14:10", CONTACT, "evaluate", {
        "score": 5, "solved": True, "text": "设备已进场，这次办实了。"}),
    (10, "09:20", DISPATCHER, "archive", {}),
])

# An extension, asked in time and granted, shorter than asked, by who stands in
# for the dispatcher.
EXTENDED = Story("LL00601", 5, [
    (8, "09:20", CONTACT, "file", {
        "category": "permits", "title": "4号车间消防设计审查",
        "text": "4号车间改造的消防设计已报审，施工队本月进场，请明确审查时间。"}),
    (8, "10:05", DISPATCHER, "dispatch", {
        "unit": "zjj", "measure": "组织审查，一次性告知修改意见。"}),
    (8, "11:00", "zjj-1", "accept", {}),
    (8, "11:10", "zjj-1", "assign", {"person": "zjj-2"}),
    (7, "15:00", "zjj-2", "contact", {
        "text": "已与设计单位核对图纸，缺防火分区计算书。"}),
    (6, "10:10", "zjj-2", "answer", {
        "public": "审查已开始，特殊消防设计须经专家评审。"}),
    (6, "15:30", "zjj-2", "extend", {
        "limit": "6wd", "reason": "专家评审会由省里组织，定于下周召开。"}),
    (5, "09:40", "zhb-1", "decide_extension", {
        "grant": True, "limit": "4wd", "reason": "同意延期，评审会后两日内办结。"}),
])

# Suspended for something outside; looked at again on a day that is set.
SUSPENDED = Story("LL00602", 16, [
    (6, "09:05", CONTACT, "file", {
        "category": "land", "title": "2号泊位岸线使用延期手续",
        "text": "2号泊位岸线使用批复将到期，请协助办理延期。"}),
    (6, "09:50", DISPATCHER, "dispatch", {
        "unit": "zrzy", "measure": "指导企业备齐材料，逐级上报。"}),
    (6, "10:40", "zrzy-1", "accept", {}),
    (6, "15:20", "zrzy-2", "contact", {"text": "已告知材料清单。"}),
    (5, "10:30", CONTACT, "supplement", {
        "text": "补充：原批复和近三年吞吐量证明。"}),
    (5, "16:00", "zrzy-2", "answer", {
        "public": "材料已上报，省厅岸线审批系统停机升级，恢复后即办。"}),
    (4, "11:00", DISPATCHER, "suspend", {
        "until": Ahead(12, "09:00"),
        "reason": "等待省厅审批系统恢复，停机公告已附。"}),
])

# Late, urged, and under a supervisor's order that waits for its reply.
SUPERVISED = Story("LL00603", 30, [
    (12, "09:15", CONTACT, "file", {
        "category": "other", "title": "进厂道路限高架迁移",
        "text": "风电塔筒运输车过不了限高架，每次绕行三十公里。"}),
    (12, "10:00", DISPATCHER, "dispatch", {
        "unit": "jtj", "measure": "现场评估，提出迁移或错时开放方案。"}),
    (12, "11:10", "jtj-1", "accept", {}),
    (11, "15:40", "jtj-2", "contact", {"text": "已到现场查看，需交警会签。"}),
    (9, "16:10", "jtj-2", "answer", {"public": "正与交警部门会商迁移方案。"}),
    (3, "09:30", GUIDE, "urge", {"text": "企业下周有大件要发运，请尽快答复。"}),
    (2, "10:00", DISPATCHER, "leaders", {
        "sponsor": "xwld-1", "responsible": "jtj-1"}),
    (1, "10:20", "dcs-1", "supervise", {
        "text": "已超时，请说明原因、明确完成时间，两个工作日内回复。"}),
])

MEETING = "LL-HY-01"

# Given back twice: the rules put it before the joint meeting, which dispatches.
MET = Story("LL00604", 3, [
    (12, "09:10", CONTACT, "file", {
        "category": "other", "title": "厂区东侧雨水管网错接",
        "text": "东侧雨水管接入了污水井，暴雨倒灌车间，各家都说不归自己管。"}),
    (12, "10:05", DISPATCHER, "dispatch", {
        "unit": "zjj", "measure": "核实管网权属，限期整改。"}),
    (12, "11:10", "zjj-1", "return", {"reason": "该段管网未移交住建部门管养。"}),
    (12, "15:00", DISPATCHER, "decide", {
        "dispatch": 1, "grant": True, "fault": "dispatcher",
        "reason": "同意改派。"}),
    (12, "15:20", DISPATCHER, "dispatch", {
        "unit": "sthj", "measure": "核查排水去向，提出整改意见。"}),
    (11, "09:30", "sthj-1", "return", {"reason": "属排水设施建设，不属环保执法。"}),
    (11, "10:40", DISPATCHER, "decide", {
        "dispatch": 2, "grant": True, "fault": "dispatcher",
        "reason": "同意。权属不清，提请联席会议。"}),
    (10, "09:00", DISPATCHER, "meeting.add", {
        "meeting": MEETING, "reason": "两次退单，管网权属不清。"}),
    (9, "15:10", DISPATCHER, "meeting.decide", {
        "meeting": MEETING, "decision": "dispatch", "unit": "zjj", "limit": "15wd",
        "measure": "由住建局负责改造，园区管委会承担费用，汛前完工。",
        "text": "该段管网由住建局先行接管，权属问题另行研究，不影响整改。"}),
    (9, "16:30", "zjj-1", "accept", {}),
    (8, "10:00", "zjj-2", "contact", {"text": "已到现场测量，改造长度约八十米。"}),
    (7, "16:40", "zjj-2", "answer", {
        "public": "改造方案已定，下周开工，工期七天。"}),
])
CONSULTED = Story("LL00605", 8, [
    (14, "09:40", CONTACT, "file", {
        "category": "financing", "title": "船舶出口预付款保函额度",
        "text": "新接两艘船，预付款保函额度不够，一家银行做不下来。"}),
    (14, "10:30", DISPATCHER, "dispatch", {
        "unit": "jrzx", "limit": "8wd", "measure": "协调银行组团授信。"}),
    (14, "11:15", "jrzx-1", "accept", {}),
    (13, "15:00", "jrzx-2", "contact", {"text": "已了解订单和缺口。"}),
    (12, "10:20", "jrzx-2", "answer", {"public": "正与三家银行商谈银团保函。"}),
    (10, "09:05", DISPATCHER, "meeting.add", {
        "meeting": MEETING, "reason": "需多家银行共同承诺。"}),
    (9, "15:30", DISPATCHER, "meeting.decide", {
        "meeting": MEETING, "decision": "resolve",
        "text": "三家银行当场确认份额，由金融服务中心跟进签约。",
        "public": "银团保函额度已落实，三家银行按四三三比例承担，本周签约。"}),
    (8, "14:20", CONTACT, "evaluate", {
        "score": 5, "solved": True, "text": "多年的难题，一次会就解决了。"}),
])
# What belongs to no ticket: the meeting before and after its tickets; and who
# stands in for the chain's dispatcher, who is away.
BESIDE = [
    (10, "08:50", "cbhg-1", "meeting.call", {
        "ref": MEETING, "title": "船舶海工产业链第三次联席会议",
        "at": Ago(9, "14:30"), "place": "县政务中心三楼会议室"}),
    (10, "10:20", "cbhg-1", "meeting.invite", {"meeting": MEETING, "unit": "zjj"}),
    (10, "10:21", "cbhg-1", "meeting.invite", {"meeting": MEETING, "unit": "sthj"}),
    (10, "10:22", "cbhg-1", "meeting.invite", {"meeting": MEETING, "unit": "fgj"}),
    (9, "16:00", "cbhg-1", "meeting.close", {
        "meeting": MEETING,
        "minutes": "下次会议研究园区雨污分流改造计划，由发改局准备。"}),
    (6, "08:40", "cbhg-1", "person.delegate", {
        "to": "zhb-1", "until": Ahead(3, "18:00")}),
]

# Twice given back and not decided: on the agenda of the next meeting.
NEXT = Story("LL00606", 9, [
    (5, "09:25", CONTACT, "file", {
        "category": "labour", "title": "外来焊工子女入园名额",
        "text": "二十名外来焊工的子女入园，社区和教育口径不一致。"}),
    (5, "10:10", DISPATCHER, "dispatch", {
        "unit": "rsj", "measure": "对接学位。"}),
    (5, "11:20", "rsj-1", "return", {"reason": "学位不属人社部门职责。"}),
    (5, "14:50", DISPATCHER, "decide", {
        "dispatch": 1, "grant": True, "fault": "dispatcher", "reason": "同意。"}),
    (5, "15:30", DISPATCHER, "dispatch", {
        "unit": "spj", "measure": "协调社区出具居住证明。"}),
    (4, "09:40", "spj-1", "return", {"reason": "不出具居住证明，建议会商。"}),
    (4, "10:30", DISPATCHER, "decide", {
        "dispatch": 2, "grant": True, "fault": "dispatcher",
        "reason": "同意，提请联席会议。"}),
])

# One request, three departments, three parts with clocks of their own.
SPLIT = Story("LL00607", 39, [
    (7, "09:10", CONTACT, "file", {
        "category": "complex", "title": "卫星测控站扩建用地、环评和供电",
        "text": "测控站扩建要新增用地，环评和供电同时要办，请一并安排。"}),
    (7, "10:00", DISPATCHER, "split", {
        "part_ref": "LL00607-1", "title": "测控站扩建用地", "category": "land",
        "unit": "zrzy", "measure": "办理用地预审。"}),
    (7, "10:02", DISPATCHER, "split", {
        "part_ref": "LL00607-2", "title": "测控站电磁环境影响登记",
        "category": "compliance", "unit": "sthj",
        "measure": "指导填报登记表。"}),
    (7, "10:04", DISPATCHER, "split", {
        "part_ref": "LL00607-3", "title": "测控站双回路供电",
        "category": "other", "unit": "gdgs",
        "measure": "出具供电方案。", "limit": "8wd"}),
])
PARTS = [
    Story("LL00607-1", 39, [
        (7, "11:00", "zrzy-1", "accept", {}),
        (7, "15:00", "zrzy-2", "contact", {"text": "已现场踏勘。"}),
        (5, "10:00", "zrzy-2", "answer", {"public": "用地预审已受理。"}),
    ]),
    Story("LL00607-2", 39, [
        (7, "11:10", "sthj-1", "accept", {}),
        (7, "14:40", "sthj-2", "contact", {"text": "已发送登记表样表。"}),
        (5, "15:10", "sthj-2", "answer", {"public": "登记表填报无误即可备案。"}),
        (4, "16:00", "sthj-2", "resolve", {"public": "环境影响登记已备案。"}),
        (3, "09:30", CONTACT, "evaluate", {
            "score": 5, "solved": True, "text": "当天办好。"}),
    ]),
    Story("LL00607-3", 39, [
        (7, "11:20", "gdgs-1", "accept", {}),
        (6, "10:00", "gdgs-2", "contact", {"text": "已约定现场勘查。"}),
        (4, "10:20", "gdgs-2", "answer", {"public": "供电方案正在编制。"}),
    ]),
]

# One matter, one plan: a limit beyond the regulation's bound, and who answers
# for it.
PLANNED = Story("LL00608", 40, [
    (18, "09:20", GUIDE, "file", {
        "category": "complex", "channel": "visit",
        "title": "复合材料基地能耗指标和专用码头",
        "text": "二期基地缺能耗指标，大件须走专用码头，两件事都要省里批。"}),
    (18, "11:00", DISPATCHER, "dispatch", {
        "unit": "fgj", "limit": "45wd", "measure": "县领导领衔，专班推进。",
        "plan": "一企一策专班：能耗指标向省争取单列，码头走联合审批，"
                "每两周向企业通报一次。"}),
    (18, "14:30", "fgj-1", "accept", {}),
    (18, "15:10", DISPATCHER, "leaders", {
        "sponsor": "xwld-1", "leader": "hkht-1", "responsible": "fgj-1"}),
    (17, "10:00", "fgj-2", "contact", {"text": "专班第一次会议，企业列席。"}),
    (16, "15:00", "fgj-2", "answer", {
        "public": "专班已成立，能耗单列申请本月上报。"}),
    (8, "09:40", DISPATCHER, "dispatch", {
        "unit": "jtj", "kind": "co", "limit": "12wd",
        "measure": "提出专用码头联合审批的材料清单。"}),
    (8, "11:30", "jtj-1", "accept", {}),
    (6, "16:00", "fgj-2", "note", {"text": "省发改委已受理单列申请。"}),
])

STORIES = [LOOP, EXTENDED, SUSPENDED, SUPERVISED, MET, CONSULTED, NEXT, SPLIT,
           *PARTS, PLANNED]
