#!/usr/bin/env python3
"""Writes the demo county 临澜县 as history for `bihuan import`.

    demo_county.py [--seed N] [--now INSTANT] [--tickets N] > county.ndjson

Everything is invented but the shape: four industry chains with their Party
committees, 51 enterprises, 25 guides, twelve departments, and the requests of
the past 120 days; those that are told step by step stand in demo_stories.py.
The same seed and instant give the same bytes.
"""
import argparse
import datetime as dt
import json
import random
import sys

from demo_stories import (Ago, Ahead, BESIDE, CONTACT, DISPATCHER, GUIDE,
                          STORIES, STRAGGLERS, STUCK)

ZONE = dt.timezone(dt.timedelta(hours=8))
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I O Z S V

CHAINS = [
    ("cbhg", "船舶海工产业链", 14, ["船舶", "海工", "船机", "舾装", "锚链"]),
    ("lssh", "绿色石化产业链", 13, ["石化", "新材料", "催化剂", "树脂", "化工"]),
    ("qjny", "清洁能源产业链", 12, ["风电", "光伏", "储能", "氢能", "电缆"]),
    ("hkht", "航空航天产业链", 12, ["航天", "卫星", "复材", "精密", "测控"]),
]
DEPARTMENTS = [
    ("spj", "县行政审批局"), ("zrzy", "县自然资源和规划局"),
    ("zjj", "县住建局"), ("sthj", "生态环境局临澜分局"),
    ("jtj", "县交通运输局"), ("fgj", "县发展和改革局"),
    ("gdgs", "国网临澜县供电公司"), ("jrzx", "县金融服务中心"),
    ("rsj", "县人社局"), ("scj", "县市场监管局"),
    ("swj", "县税务局"), ("kjj", "县科技局"),
]
# How well a department keeps its word: share of late finishes, of returns, of
# bad scores. Believable, not equal.
TEMPER = {
    "spj": (.02, .02, .01), "zrzy": (.16, .06, .05), "zjj": (.28, .12, .12),
    "sthj": (.14, .05, .06), "jtj": (.18, .08, .08), "fgj": (.06, .04, .03),
    "gdgs": (.08, .05, .04), "jrzx": (.10, .04, .05), "rsj": (.05, .03, .02),
    "scj": (.03, .03, .02), "swj": (.05, .02, .04), "kjj": (.07, .04, .03),
}
# category of the regulation, lead department, co-handlers, title, text
CASES = [
    ("financing", "jrzx", [], "流动资金贷款到期续贷困难",
     "企业{n}万元流动资金贷款将于下月到期，银行要求压降额度，订单已排至年底，请协调续贷。"),
    ("financing", "jrzx", ["kjj"], "设备更新贷款贴息申请进度慢",
     "企业申报的设备更新贷款贴息已受理{d}天未有结果，请帮助了解进度。"),
    ("land", "zrzy", ["zjj"], "码头前沿岸线使用手续批复",
     "{p}号泊位改造需使用前沿岸线{n}米，材料已三次补正，请明确批复时间。"),
    ("land", "zrzy", [], "二期项目规划条件核实",
     "二期厂房已完工，规划条件核实尚未办结，影响不动产登记和融资。"),
    ("land", "zrzy", ["spj"], "新增{n}亩工业用地挂牌时间",
     "企业扩产急需用地，请明确{n}亩工业用地的挂牌出让时间。"),
    ("permits", "spj", [], "危化品经营许可证延续",
     "许可证将于{d}天后到期，延续申请已提交，请加快办理。"),
    ("permits", "zjj", ["spj"], "新建厂房竣工联合验收",
     "{p}号厂房具备验收条件，消防、规划、人防验收时间不一致，请组织联合验收。"),
    ("permits", "zjj", [], "厂房消防验收复查",
     "消防验收首次未通过，{d}天前已完成整改，申请复查。"),
    ("permits", "fgj", ["spj"], "技改项目备案变更",
     "技改项目投资额由原备案调整为{n}万元，请指导办理备案变更。"),
    ("compliance", "sthj", [], "排污口设置论证",
     "新增冷链车间需设置排污口，论证报告已报送{d}天，请反馈意见。"),
    ("compliance", "sthj", ["zjj"], "厂区污水纳管方案",
     "厂区污水拟接入市政管网，需明确接管点位和预处理要求。"),
    ("safety", "zjj", ["jtj"], "在建厂房塔吊临近道路的安全防护",
     "塔吊回转半径覆盖厂外道路，需要协调临时交通组织。"),
    ("market", "scj", [], "商标异议答辩材料指导",
     "企业主商标被提出异议，请安排人员指导答辩材料准备。"),
    ("market", "scj", ["fgj"], "团体标准立项指导",
     "拟牵头制定一项团体标准，请指导立项流程并推荐专家。"),
    ("technology", "kjj", [], "高新技术企业认定辅导",
     "今年申报高新技术企业，研发费用归集口径把握不准，请给予辅导。"),
    ("technology", "kjj", ["jrzx"], "中试平台设备共享",
     "新产品需使用中试平台反应装置约{d}天，请协调共享。"),
    ("talent", "rsj", [], "高层次人才子女入学",
     "新引进博士{p}名，子女秋季入学需协调学位。"),
    ("talent", "rsj", ["kjj"], "工程师职称自主评审备案",
     "企业拟开展工程师职称自主评审，请指导备案。"),
    ("labour", "rsj", [], "焊工等技能岗位缺口{p}0人",
     "订单饱满，焊工、装配钳工缺口{p}0人，请组织专场招聘。"),
    ("labour", "rsj", ["jtj"], "增开园区早晚通勤班车",
     "园区早班7:30前无公交到达，{n}名员工通勤不便，请增开班次。"),
    ("other", "gdgs", [], "{n}千伏安专变增容",
     "产线扩建需增容{n}千伏安，供电方案答复已超预期，请协调加快。"),
    ("other", "gdgs", [], "线路检修停电时间协调",
     "检修计划与连续生产冲突，请协调调整停电时段。"),
    ("other", "jtj", [], "进厂道路限高架迁移",
     "限高架影响大件设备运输，请评估迁移或错时开放。"),
    ("other", "jtj", ["zjj"], "园区主干道路面破损修复",
     "园区主干道约{n}米破损，雨天积水，重车通行存在隐患。"),
    ("consult", "swj", [], "先进制造业增值税加计抵减口径",
     "请明确混业经营情况下加计抵减的计提口径。"),
    ("consult", "swj", [], "研发费用加计扣除留存备查资料",
     "请指导加计扣除留存备查资料的范围和格式。"),
    ("consult", "fgj", [], "超长期特别国债项目申报条件",
     "请解读本批次设备更新项目的申报条件和时间。"),
    ("complex", "fgj", ["zrzy", "sthj"], "扩建项目能耗、用地、环评一揽子问题",
     "扩建项目同时涉及能耗指标、用地和环评，需多部门共同研究，一企一策。"),
]
MEASURES = [
    "现场核实情况，限期提出解决办法并答复企业。",
    "两日内上门对接，列出所缺材料，一次告知。",
    "由分管领导牵头研究，明确责任科室和完成时间。",
    "核对政策依据，书面答复企业并抄送党建指导员。",
    "会同园区管委会现场办公，能办即办。",
]
CONTACTS = [
    "已电话联系企业，约定现场时间。", "已到企业现场了解情况，材料带回核对。",
    "已与企业经办人加微信，材料清单已发送。", "电话联系企业负责人，确认诉求要点。",
]
ANSWERS = [
    "已受理，正在按程序办理，办理进展将及时告知。",
    "经初步核对，材料基本齐全，预计三个工作日内有结果。",
    "已提请会商，意见明确后第一时间答复。",
    "相关政策口径已书面整理，随后送达企业。",
]
RESULTS = [
    "经现场核实并协调，问题已办结，感谢支持。", "手续已办结，结果文书已送达企业。",
    "已明确办理路径并完成对接，后续由专人跟进。", "已按规定办结，企业可登录平台查询结果。",
]
PRAISE = ["办理及时，满意。", "专人上门，流程讲得清楚。", "比预期快，谢谢。",
          "问题解决了，希望今后一次告知材料。"]
BLAME = ["问题没有真正解决。", "只是口头答复，没有看到结果。",
         "材料交了两次，还要再等。", "答复与我们反映的不是一回事。"]
SURNAMES = "陈林王李张刘周吴郑沈许何吕施孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛范彭郎鲁韦马"
GIVEN = ("岚 明澈 若海 知远 思齐 子衿 文舟 静宜 立行 晓棠 守拙 云帆 嘉禾 书宁 向东 "
         "佳琪 浩洋 彤彤 少波 建国 秀英 海燕 国平 春生 立新 雅文 一鸣 景行 望舒 怀瑾").split()


def credit_code(index):
    """A code that passes both checks (GB 32100-2015 and GB 11714)."""
    body = f"9133{'0988'}"
    inner = f"MA2{index:05d}"
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    value = lambda c: int(c) if c.isdigit() else ord(c) - 55
    rest = 11 - sum(value(c) * w for c, w in zip(inner, weights)) % 11
    inner += {10: "X", 11: "0"}.get(rest, str(rest))
    first = body + inner
    total = sum(ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(first))
    return first + ALPHABET[(31 - total % 31) % 31]


class County:
    def __init__(self, seed, now, tickets):
        self.random = random.Random(seed)
        self.now = now
        self.tickets = tickets
        self.begin = (now - dt.timedelta(days=121)).replace(
            hour=9, minute=0, second=0, microsecond=0)
        self.lines = []
        self.order = 0
        self.names = set()

    # -- lines ------------------------------------------------------------
    def put(self, at, who, method, /, **params):
        line = {"at": at.isoformat(timespec="seconds"), "method": method,
                "params": params}
        if who:
            line["as"] = who
        self.order += 1
        self.lines.append((at, self.order, line))

    def person(self, code, unit, role):
        while True:
            name = self.random.choice(SURNAMES) + self.random.choice(GIVEN)
            if name not in self.names:
                break
        self.names.add(name)
        self.put(self.begin, None, "person.add", code=code, name=name,
                 phone=f"1380000{self.random.randrange(10000):04d}",
                 unit=unit, role=role)

    # -- time -------------------------------------------------------------
    def working(self, day):
        holiday = (day.month, day.day) in {(1, 1), (5, 1), (5, 2), (5, 3),
                  (5, 4), (5, 5), *((10, d) for d in range(1, 8))}
        return day.weekday() < 5 and not holiday

    def office_time(self, at):
        """The first office moment at or after `at`."""
        while True:
            minute = at.hour * 60 + at.minute
            if self.working(at.date()):
                if minute < 510:
                    return at.replace(hour=8, minute=30)
                if 720 <= minute < 840:
                    return at.replace(hour=14, minute=0)
                if minute < 1045:
                    return at
            at = (at + dt.timedelta(days=1)).replace(hour=8, minute=30)

    def later(self, at, low, high):
        """Some office moment low..high hours after `at`."""
        gap = dt.timedelta(seconds=int(self.random.uniform(low, high) * 3600))
        moment = self.office_time(at + gap)
        return max(moment + dt.timedelta(
            seconds=self.random.randrange(5, 1500)), at)

    # -- the register -----------------------------------------------------
    def register(self):
        at = self.begin
        self.put(at, None, "office.add", code="zhb", name="县营商环境综合派单办公室")
        self.put(at, None, "office.add", code="dcs", name="县委县政府督查室")
        self.person("zhb-1", "zhb", "dispatcher")
        self.person("dcs-1", "dcs", "supervisor")
        self.person("xwld-1", "dcs", "leader")
        for code, name in DEPARTMENTS:
            self.put(at, None, "department.add", code=code, name=name)
            self.person(f"{code}-1", code, "head")
            self.person(f"{code}-2", code, "handler")
        self.guides = []
        for i in range(25):
            code = f"zdy-{i + 1:02d}"
            self.guides.append(code)
            self.person(code, DEPARTMENTS[i % 12][0], "guide")
        self.enterprises = []
        for chain, name, count, fields in CHAINS:
            self.put(at, None, "chain.add", code=chain, name=name)
            self.put(at, None, "committee.add", code=chain + "dw",
                     name=name + "党委", chain=chain)
            self.person(chain + "-1", chain + "dw", "dispatcher")
            for i in range(count):
                self.enterprise(chain, fields, i)

    def enterprise(self, chain, fields, i):
        places = ["临澜", "澜港", "金沙湾", "恒舟", "东屿", "海跃", "恒盛",
                  "北礁", "长涂", "蓝湾", "远帆", "启明", "衡岳", "新澜"]
        index = len(self.enterprises) + 1
        name = f"{places[i]}{fields[i % 5]}{self.random.choice(['科技', '装备', '制造', '工业'])}有限公司"
        code = credit_code(index)
        position = "lead" if i == 0 else "core" if i < 4 else "member"
        self.put(self.begin, None, "enterprise.add", code=code, name=name,
                 chain=chain, position=position)
        contact = f"qy-{index:02d}"
        self.person(contact, code, "enterprise")
        guide = self.guides[index % 25]
        self.put(self.begin, None, "guide.assign", enterprise=code,
                 person=guide)
        self.enterprises.append((code, contact, guide, chain))

    # -- one ticket -------------------------------------------------------
    def ticket(self, number):
        r = self.random
        code, contact, guide, chain = r.choice(self.enterprises)
        category, lead, others, title, text = r.choice(CASES)
        fill = {"n": r.choice([120, 200, 315, 500, 630, 800, 1250]),
                "d": r.randrange(6, 40), "p": r.randrange(2, 9)}
        days = 119 * (1 - r.random() ** 1.2)
        filed = self.later(self.now - dt.timedelta(days=119)
                           + dt.timedelta(days=days * 1.0), 0, 8)
        if filed >= self.now:
            filed = self.now - dt.timedelta(minutes=r.randrange(5, 600))
        ref = f"LL{number:05d}"
        channel = r.choices(["self", "visit", "hotline", "meeting", "guide",
                             "assigned"], [50, 14, 12, 6, 14, 4])[0]
        filer = guide if channel in ("guide", "visit") else contact
        self.step(filed, filer, "ticket.file", ref=ref,
                  title=title.format(**fill), text=text.format(**fill),
                  enterprise=code, category=category, channel=channel,
                  urgency=r.choices(["normal", "urgent"], [9, 1])[0])
        self.life(ref, filed, contact, chain + "-1", lead, others)

    def step(self, at, who, method, /, **params):
        """Emits a step unless it lies in the future."""
        if at > self.now:
            return False
        self.put(at, who, method, **params)
        return True

    def life(self, ref, filed, contact, dispatcher, lead, others):
        r = self.random
        chance = r.random()
        at = self.later(filed, .2, 3 if chance < .9 else 20)
        if chance < .02:
            self.step(at, dispatcher, "ticket.decline", ticket=ref,
                      reason="不属于本级职责，已告知企业办理渠道。")
            return
        if chance < .035:
            self.step(at, contact, "ticket.withdraw", ticket=ref,
                      reason="问题已自行解决。")
            return
        late, returns, bad = TEMPER[lead]
        if r.random() < returns:
            wrong = r.choice([d for d, _ in DEPARTMENTS if d != lead])
            at = self.bounce(ref, at, dispatcher, wrong)
            if at is None:
                return
        if not self.step(at, dispatcher, "ticket.dispatch", ticket=ref,
                         unit=lead, measure=r.choice(MEASURES)):
            return
        sent = at
        at = self.later(at, .3, 2.5 if r.random() < .85 else 12)
        if not self.step(at, f"{lead}-1", "ticket.accept", ticket=ref):
            return
        self.handle(ref, sent, at, contact, dispatcher, lead, others,
                    (late, bad))

    def bounce(self, ref, at, dispatcher, wrong):
        if not self.step(at, dispatcher, "ticket.dispatch", ticket=ref,
                         unit=wrong, measure="请核实并办理。"):
            return None
        at = self.later(at, 1, 6)
        if not self.step(at, f"{wrong}-1", "ticket.return", ticket=ref,
                         reason="不属于本单位职责，建议改派。"):
            return None
        at = self.later(at, 1, 7)
        if not self.step(at, dispatcher, "ticket.decide", ticket=ref,
                         dispatch=1, grant=True, fault="dispatcher",
                         reason="同意退单，另行派单。"):
            return None
        return self.later(at, .2, 3)

    def handle(self, ref, sent, at, contact, dispatcher, lead, others, temper):
        r = self.random
        late, bad = temper
        helpers = others if r.random() < .6 else []
        for other in helpers:
            at = self.later(at, .1, 1)
            if not self.step(at, dispatcher, "ticket.dispatch", ticket=ref,
                             unit=other, kind="co", measure="配合主办单位办理。",
                             limit="3wd"):
                return
        at = self.later(at, .5, 5)
        if not self.step(at, f"{lead}-2", "ticket.contact", ticket=ref,
                         text=r.choice(CONTACTS)):
            return
        for other in helpers:
            at = self.later(at, .5, 4)
            done = self.later(at, 2, 30)
            if not (self.step(at, f"{other}-1", "ticket.accept", ticket=ref)
                    and self.step(done, f"{other}-2", "ticket.resolve",
                                  ticket=ref, internal="协办意见已反馈主办单位。")):
                return
            at = done
        if r.random() < .7:
            at = self.later(at, 1, 20)
            if not self.step(at, f"{lead}-2", "ticket.answer", ticket=ref,
                             public=r.choice(ANSWERS)):
                return
        hours = r.uniform(150, 420) if r.random() < late else r.uniform(6, 90)
        at = max(self.later(sent, hours, hours + 6), self.later(at, .2, 2))
        if not self.step(at, f"{lead}-2", "ticket.resolve", ticket=ref,
                         public=r.choice(RESULTS),
                         internal="办理材料已归档备查。"):
            return
        self.close(ref, at, contact, dispatcher, lead, bad)

    def close(self, ref, at, contact, dispatcher, lead, bad):
        r = self.random
        if r.random() < .12:
            return  # the enterprise is silent; the clock records it
        at = self.later(at, 2, 40)
        poor = r.random() < bad
        if not self.step(at, contact, "ticket.evaluate", ticket=ref,
                         score=r.choice([1, 2]) if poor else r.choice([3, 4, 4, 5, 5, 5]),
                         solved=not poor,
                         text=r.choice(BLAME if poor else PRAISE)):
            return
        if poor:
            at = self.later(at, 20, 70)
            if not self.step(at, f"{lead}-2", "ticket.resolve", ticket=ref,
                             public="已重新办理并与企业当面确认。"):
                return
            at = self.later(at, 2, 30)
            if not self.step(at, contact, "ticket.evaluate", ticket=ref,
                             score=4, solved=True, text="这次解决了。"):
                return
        if r.random() < .6:
            self.step(self.later(at, 3, 40), dispatcher, "ticket.archive",
                      ticket=ref)

    # -- told one by one --------------------------------------------------
    def workday(self, days, clock):
        """That time on the so-many-th working day before today."""
        day = self.now
        while days > 0:
            day -= dt.timedelta(days=1)
            days -= 1 if self.working(day.date()) else 0
        hour, minute = map(int, clock.split(":"))
        return day.replace(hour=hour, minute=minute, second=0)

    def straggler(self, number, days, lead):
        """Accepted, spoken about, not finished."""
        r = self.random
        code, contact, _, chain = r.choice(self.enterprises)
        category, _, _, title, text = r.choice(
            [case for case in CASES if case[1] == lead
             and case[0] not in ("consult", "complex")])
        fill = {"n": r.choice([200, 500, 800]), "d": r.randrange(6, 40),
                "p": r.randrange(2, 9)}
        ref = f"LL{number:05d}"
        day = lambda after, clock: self.workday(max(days - after, 1), clock)
        self.step(day(0, "09:10"), contact, "ticket.file", ref=ref,
                  title=title.format(**fill), text=text.format(**fill),
                  enterprise=code, category=category, channel="self",
                  urgency="normal")
        self.step(day(0, "10:%02d" % r.randrange(60)), chain + "-1",
                  "ticket.dispatch", ticket=ref, unit=lead,
                  measure=r.choice(MEASURES))
        self.step(day(0, "11:%02d" % r.randrange(50)), f"{lead}-1",
                  "ticket.accept", ticket=ref)
        self.step(day(0, "15:%02d" % r.randrange(60)), f"{lead}-2",
                  "ticket.contact", ticket=ref, text=r.choice(CONTACTS))
        if days > 5:
            self.step(day(2, "16:%02d" % r.randrange(60)), f"{lead}-2",
                      "ticket.answer", ticket=ref, public=r.choice(ANSWERS))
            self.step(day(5, "16:%02d" % r.randrange(60)), f"{lead}-1",
                      "ticket.note", ticket=ref, text=r.choice(STUCK))

    def moment(self, value):
        """A value of a story's step as the import reads it."""
        if isinstance(value, Ago):
            return self.workday(*value).isoformat()
        if isinstance(value, Ahead):
            hour, minute = map(int, value.clock.split(":"))
            return (self.now + dt.timedelta(days=value.days)).replace(
                hour=hour, minute=minute, second=0).isoformat()
        return value

    def tell(self, steps, who):
        for days, clock, actor, method, params in steps:
            self.step(self.workday(days, clock), who.get(actor, actor), method,
                      **{name: self.moment(value)
                         for name, value in params.items()})

    def story(self, story):
        code, contact, guide, chain = self.enterprises[story.enterprise]
        who = {CONTACT: contact, GUIDE: guide, DISPATCHER: chain + "-1"}
        for days, clock, actor, method, params in story.steps:
            name = method if "." in method else "ticket." + method
            names = {"ticket": story.ref}
            if method == "file":
                names = {"ref": story.ref, "enterprise": code,
                         "channel": "self", "urgency": "normal"}
            self.tell([(days, clock, actor, name, {**names, **params})], who)

    def write(self, out):
        self.register()
        told = len(STRAGGLERS) + 1 if self.tickets > 100 else 0
        for number in range(1, self.tickets - told + 1):
            self.ticket(number)
        for number, (days, lead) in enumerate(STRAGGLERS[:max(told - 1, 0)]):
            self.straggler(self.tickets - told + 1 + number, days, lead)
        if told:
            self.tell(BESIDE, {})
            for story in STORIES:
                self.story(story)
        self.lines.sort(key=lambda row: row[:2])
        for _, _, line in self.lines:
            out.write(json.dumps(line, ensure_ascii=False) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--now", default=None, help="instant; default now")
    parser.add_argument("--tickets", type=int, default=600)
    args = parser.parse_args()
    now = (dt.datetime.fromisoformat(args.now) if args.now
           else dt.datetime.now(ZONE)).astimezone(ZONE).replace(microsecond=0)
    County(args.seed, now, args.tickets).write(sys.stdout)


if __name__ == "__main__":
    main()
