/* See unseen.h. */
#include "scenario/unseen.h"

#define OFFICES "dp dp dp zd"
#define HEADS "a1 b1 c1 x1"
#define UNITS "a1 a2 b1 b2 c1 c2 x1"
#define ASKERS "qy1 qy1b qy2 qy3"

static const struct line moves[] = {
    {OFFICES, "ticket.dispatch", "{'ticket':'$T','unit':'$U','measure':'m'}"},
    {OFFICES, "ticket.dispatch", "{'ticket':'$T','unit':'$U','measure':'m'}"},
    {OFFICES, "ticket.dispatch",
     "{'ticket':'$T','unit':'$U','measure':'m','limit':'1wd'}"},
    {OFFICES, "ticket.dispatch",
     "{'ticket':'$T','unit':'$U','measure':'m','kind':'co'}"},
    {UNITS, "ticket.accept", "{'ticket':'$T'}"},
    {UNITS, "ticket.contact", "{'ticket':'$T','text':'called'}"},
    {UNITS, "ticket.answer",
     "{'ticket':'$T','public':'p','internal':'^between|among^ us'}"},
    {UNITS, "ticket.note", "{'ticket':'$T','text':'a ^short|brief^ note'}"},
    {UNITS, "ticket.resolve",
     "{'ticket':'$T','public':'done','internal':'^so|thus^'}"},
    {UNITS, "ticket.resolve", "{'ticket':'$T','public':'done'}"},
    {UNITS, "ticket.return", "{'ticket':'$T','reason':'not ^ours|us^'}"},
    {OFFICES, "ticket.decide",
     "{'ticket':'$T','grant':true,'fault':'unit','reason':'^yes|well^'}"},
    {OFFICES, "ticket.decide", "{'ticket':'$T','grant':false}"},
    {UNITS, "ticket.extend",
     "{'ticket':'$T','limit':'2wd','reason':'^more|long^'}"},
    {OFFICES, "ticket.decide_extension",
     "{'ticket':'$T','grant':true,'reason':'^yes|well^'}"},
    {OFFICES, "ticket.decide_extension", "{'ticket':'$T','grant':false}"},
    {HEADS, "ticket.transfer", "{'ticket':'$T','unit':'ax','reason':'^x|y^'}"},
    {OFFICES, "ticket.transfer",
     "{'ticket':'$T','unit':'$U','reason':'^x|y^'}"},
    {HEADS, "ticket.assign", "{'ticket':'$T','person':'$P'}"},
    {OFFICES, "ticket.recall", "{'ticket':'$T','reason':'^x|y^'}"},
    {OFFICES, "ticket.require", "{'ticket':'$T','text':'a paper'}"},
    {OFFICES, "ticket.decline", "{'ticket':'$T','reason':'no'}"},
    {OFFICES, "ticket.suspend", "{'ticket':'$T','reason':'winter'}"},
    {OFFICES, "ticket.resume", "{'ticket':'$T'}"},
    {OFFICES, "ticket.archive", "{'ticket':'$T'}"},
    {OFFICES, "ticket.archive", "{'ticket':'$T'}"},
    {OFFICES, "ticket.merge", "{'ticket':'$T','into':'$T'}"},
    {OFFICES, "ticket.split",
     "{'ticket':'$T','title':'part','unit':'$U','measure':'m'}"},
    {OFFICES, "ticket.leaders", "{'ticket':'$T','leader':'la'}"},
    {OFFICES, "ticket.leaders", "{'ticket':'$T','sponsor':'lb'}"},
    {"dp zd sup", "ticket.urge", "{'ticket':'$T','text':'^soon|now^'}"},
    {"dp zd sup", "ticket.rework", "{'ticket':'$T','reason':'again'}"},
    {"sup la lb", "ticket.supervise", "{'ticket':'$T','text':'^say|tell^'}"},
    {UNITS, "ticket.reply", "{'ticket':'$T','text':'^said|told^'}"},
    {"sup zd", "ticket.decide_appeal",
     "{'ticket':'$T','grant':true,'reason':'x'}"},
    {HEADS, "ticket.appeal_score", "{'ticket':'$T','reason':'^un|not ^fair'}"},
    {"sup", "ticket.decide_score",
     "{'ticket':'$T','grant':true,'reason':'^fair|so^'}"},
};

static const struct line course[] = {
    {"dp zd", "ticket.archive", "{'ticket':'$T'}"},
    {UNITS, "ticket.resolve",
     "{'ticket':'$T','public':'done','internal':'^so|thus^'}"},
    {UNITS, "ticket.accept", "{'ticket':'$T'}"},
    {"dp zd", "ticket.dispatch",
     "{'ticket':'$T','unit':'$U','measure':'m','limit':'1wd'}"},
};

static const struct line meetings[] = {
    {OFFICES, "meeting.call", "{'title':'meet','at':'2027-06-01T09:00:00'}"},
    {OFFICES, "meeting.invite", "{'meeting':$M,'unit':'$U'}"},
    {OFFICES, "meeting.add", "{'meeting':$M,'ticket':'$T'}"},
    {OFFICES, "meeting.decide",
     "{'meeting':$M,'ticket':'$T','decision':'dispatch','text':'so',"
     "'unit':'$U','measure':'m'}"},
    {OFFICES, "meeting.decide",
     "{'meeting':$M,'ticket':'$T','decision':'split','text':'so',"
     "'unit':'$U','measure':'m','title':'part'}"},
    {OFFICES, "meeting.decide",
     "{'meeting':$M,'ticket':'$T','decision':'resolve','text':'so',"
     "'public':'done'}"},
};
static const struct line closing[] = {
    {OFFICES, "meeting.close", "{'meeting':$M,'minutes':'all'}"},
};

static const struct line ties[] = {
    {OFFICES, "ticket.merge", "{'ticket':'@0','into':'$C'}"},
    {OFFICES, "meeting.add", "{'meeting':$M,'ticket':'@0'}"},
    {OFFICES, "meeting.decide",
     "{'meeting':$M,'ticket':'@0','decision':'dispatch','text':'so',"
     "'unit':'$U','measure':'m'}"},
};

static const struct line changes[] = {
    {"operator", "person.role", "{'code':'b2','unit':'ax','role':'handler'}"},
    {"operator", "person.role",
     "{'code':'b2','unit':'ax','role':'handler','end':true}"},
    {"operator", "person.role", "{'code':'x1','unit':'b','role':'leader'}"},
    {"operator", "person.role", "{'code':'a2','unit':'b','role':'head'}"},
    {"a1", "person.delegate", "{'to':'b1','until':'$F'}"},
    {"b2", "person.delegate", "{'to':'x1','until':'$F'}"},
    {"b2", "person.delegate", "{'to':'x1','end':true}"},
    {"qy1", "person.delegate", "{'to':'qy1b','until':'$F'}"},
    {"operator", "person.handover", "{'code':'a2','to':'a1'}"},
    {"operator", "department.merge", "{'code':'ax','into':'a'}"},
};

static const struct line asking[] = {
    {ASKERS, "ticket.evaluate", "{'ticket':'$T','score':5,'solved':true}"},
    {ASKERS, "ticket.evaluate", "{'ticket':'$T','score':1,'solved':false}"},
    {ASKERS, "ticket.comment", "{'ticket':'$T','text':'later'}"},
    {ASKERS, "ticket.supplement", "{'ticket':'$T','text':'paper'}"},
    {ASKERS, "ticket.appeal", "{'ticket':'$T','reason':'no'}"},
    {ASKERS, "ticket.urge", "{'ticket':'$T'}"},
    {"qy1 qy2 zdy3", "ticket.withdraw", "{'ticket':'$T'}"},
};

static const struct line reads[] = {
    {"", "ticket.show", "{'ticket':'$T'}"},
    {"", "ticket.progress", "{'ticket':'$T'}"},
    {"", "attachment.list", "{'ticket':'$T'}"},
    {"", "ticket.list", "{}"},
    {"", "ticket.list", "{'limit':2}"},
    {"", "ticket.list", "{'overdue':true,'limit':3}"},
    {"", "ticket.list", "{'light':'red'}"},
    {"", "ticket.list", "{'light':'green','limit':1}"},
    {"", "ticket.list", "{'unit':'$U'}"},
    {"", "ticket.list", "{'unit':'$U','overdue':true}"},
    {"", "ticket.list", "{'chain':'boat'}"},
    {"", "ticket.list", "{'enterprise':'" E1 "'}"},
    {"", "ticket.list", "{'enterprise':'" E2 "'}"},
    {"", "ticket.list", "{'enterprise':'" E3 "','overdue':true}"},
    {"", "ticket.list", "{'category':'land'}"},
    {"", "ticket.list", "{'leader':'la'}"},
    {"", "ticket.list", "{'parent':'$T'}"},
    {"", "ticket.list", "{'state':'filed'}"},
    {"", "ticket.list", "{'state':'handling','limit':1}"},
    {"", "ticket.list", "{'since':'$I'}"},
    {"", "mine", "{}"},
    {"", "mine", "{'box':'done','limit':2}"},
    {"", "mine", "{'box':'soon'}"},
    {"", "mine", "{'box':'overdue'}"},
    {"", "mine", "{'box':'told','limit':2}"},
    {"", "notice.list", "{}"},
    {"", "notice.list", "{'limit':3}"},
    {"", "notice.list", "{'ticket':'$T'}"},
    {"", "notice.list", "{'to':'$U'}"},
    {"", "notice.list", "{'to':'$P'}"},
    {"", "report.overdue", "{'at':'$I','known':$K}"},
    {"", "report.overdue", "{'known':$K,'by':'department'}"},
    {"", "report.overdue", "{'by':'chain','at':'$I'}"},
    {"", "report.overdue", "{'by':'guide'}"},
    {"", "report.overdue", "{'by':'category','clock':'overall'}"},
    {"", "report.overdue", "{'by':'none','clock':'overall','limit':2}"},
    {"", "report.lights", "{}"},
    {"", "report.lights", "{'at':'$I','known':$K}"},
    {"", "report.times", "{}"},
    {"", "report.times", "{'by':'department','from':'$I'}"},
    {"", "report.times", "{'by':'guide','at':'$I','known':$K}"},
    {"", "report.times", "{'by':'chain'}"},
    {"", "report.times", "{'by':'category','known':$K}"},
    {"", "meeting.agenda", "{}"},
    {"", "meeting.list", "{}"},
    {"", "meeting.list", "{'limit':1}"},
    {"", "meeting.show", "{'meeting':$M}"},
    {"", "deadline.what_if", "{'ticket':'$T'}"},
    {"", "deadline.what_if",
     "{'calendar':{'year':2026,'papers':['x'],'days':[{'name':'x',"
     "'date':'2026-11-05','isOffDay':true}]},'limit':1}"},
    {"", "deadline.what_if", "{'ticket':'$T','until':'$F'}"},
    {"", "person.list", "{}"},
    {"", "person.list", "{'unit':'$U'}"},
    {"", "enterprise.list", "{}"},
    {"", "guide.list", "{}"},
    {"", "department.list", "{}"},
    {"", "calendar.list", "{}"},
    {"", "regulation.list", "{}"},
    {"", "server.info", "{}"},
};

const struct lines unseen_moves = LINES(moves);
const struct lines unseen_course = LINES(course);
const struct lines unseen_meetings = LINES(meetings);
const struct lines unseen_closing = LINES(closing);
const struct lines unseen_ties = LINES(ties);
const struct lines unseen_changes = LINES(changes);
const struct lines unseen_asking = LINES(asking);
const struct lines unseen_reads = LINES(reads);
