"""Departures and tenures as people type them into a spreadsheet, before they have read a codebook.

Written down before the grammar was looked at, one a line, and not touched since: a list that
follows the grammar tests nothing. What tests/test_wording.py may do is count how many are refused.
"""

ENGLISH_DEPARTURES = """
June 2023
june 2023
JUNE 2023
Jun 2023
Jun. 2023
June, 2023
June of 2023
in June 2023
Sept 2023
Sept. 2022
2023
in 2023
during 2023
sometime in 2022
some time in 2022
2022?
2022 (?)
2022 (approx.)
June 2023?
early 2023
Early 2023
early in 2023
early-2023
mid 2023
mid-2023
Mid-2022
middle of 2023
in the middle of 2022
late 2022
late in 2022
end of 2022
the end of 2022
end 2022
beginning of 2023
start of 2023
early June 2023
mid-June 2023
late June 2023
end of March 2022
beginning of May 2023
15 June 2023
15th June 2023
15th of June 2023
15 June, 2023
June 15, 2023
June 15 2023
June 15th, 2023
Jun 15, 2023
Thursday, 15 June 2023
on 15 June 2023
15-Jun-2023
15-Jun-23
Jun-23
Jun-2023
June '23
Jun 23
2023-06-15
2023-06-15 00:00:00
2023/06/15
2023-06
2023/06
06/2023
6/2023
06-2023
06.2023
6/15/2023
15/06/2023
15.06.2023
15.6.2023
03/04/2023
2023 June
2023, June
Q3 2022
Q3, 2022
Q3 of 2022
Q3/2022
2022 Q3
2022-Q3
2022Q3
Q3 '22
3Q22
3rd quarter 2022
third quarter of 2022
the third quarter of 2022
first quarter 2023
Q1 or Q2 2023
Q1-Q2 2023
late Q2 2023
H1 2023
2023 H1
2H 2022
first half of 2023
1st half of 2023
second half of 2022
spring 2021
Spring of 2021
in the spring of 2021
summer 2022
Summer 2022
fall 2020
autumn 2020
winter 2022
winter 2022/23
winter 2022-23
late spring 2022
early summer 2023
around 2019
around June 2019
about 2019
circa 2019
c. 2019
c.2019
ca. 2019
~2019
approx. March 2022
approximately March 2022
roughly mid-2022
around the end of 2021
January or February 2023
Jan or Feb 2023
Jan/Feb 2023
Jan-Feb 2023
January/February 2023
January–February 2023
December 2022 or January 2023
Dec 2022/Jan 2023
January to March 2023
Jan - Mar 2023
Jan 2023 - Mar 2023
from January to March 2023
between January and March 2023
between Jan 2022 and Mar 2023
2022 or 2023
2022-2023
2022–2023
2022/2023
2022/23
2022-23
2022 to 2023
between 2021 and 2023
late 2022 or early 2023
late 2022/early 2023
late 2022 - early 2023
late 2022 to early 2023
mid-to-late 2022
mid to late 2022
early to mid 2023
before 2023
before June 2023
prior to 2023
by 2023
by June 2023
by the end of 2022
until May 2023
no later than March 2023
not later than 2022
after May 2023
after 2021
after mid-2022
since 2023
not before 2022
no earlier than June 2022
in or after 2022
2021 or later
unknown
Unknown
unknown date
date unknown
not known
not stated
unclear
n/a
N/A
?
left, date unknown
""".strip().splitlines()

ENGLISH_TENURES = """
6 years, 7 months
6 years 7 months
6 years and 7 months
6 years & 7 months
6 yrs 7 mos
6 yrs, 7 mos.
6 yr 7 mo
6y 7m
6y7m
6yr 7mo
1 yr 1 mo
six years and seven months
Six years, seven months
7 years
7 yrs
7yrs
7 yr
7y
7 years.
seven years
seven yrs
Seven Years
twelve years
5 months
5 mos
5 mo
five months
36 months
18 months
36 mths
1 year
one year
a year
an year
1 month
a month
0 years, 8 months
1 year 0 months
a year and 2 months
a year and two months
2 years and a month
one year, one month
3 1/2 years
3-1/2 years
3½ years
3.5 years
3.5 yrs
4.25 years
2 3/4 years
three and a half years
3 and a half years
a year and a half
one and a half years
1.5 years
two and a half
half a year
half year
half a decade
a decade
one decade
two decades
over a decade
more than a decade
nearly a decade
about a decade
3 to 4 years
3-4 years
3–4 years
3 - 4 years
3 or 4 years
three to four years
three or four years
between 3 and 4 years
2-3 yrs
18-24 months
18 to 24 months
1 to 1.5 years
6 months to a year
a year or two
one or two years
3 years or 4 years
more than three years
more than 3 years
over 3 years
over three and a half years
just over 3 years
a little over 3 years
a bit more than 2 years
slightly over 2 years
well over 3 years
at least 3 years
3+ years
3+ yrs
3 + years
3 years+
> 3 years
>3 years
>= 3 years
3 years or more
3 or more years
upwards of 3 years
nearly 3 years
nearly three years
almost 3 years
almost 3.5 years
close to 5 years
just under 3 years
a little under 3 years
a little less than 3 years
under 3 years
less than 3 years
less than a year
under a year
< 1 year
<1 year
up to 3 years
at most 2 years
no more than 2 years
not more than 2 years
about 3 years
around 3 years
approx. 3 years
approximately three years
roughly 3 years
~3 years
~ 3 yrs
circa 3 years
c. 3 years
some 3 years
3 years or so
3ish years
about 3-4 years
about a year
about half a year
about six months
3 years (approx.)
3 years?
5-year
5-year stint
five-year
five years total
2018-2023
2018–2023
2018 - 2023
2018 to 2023
from 2018 to 2023
between 2018 and 2023
March 2018 to June 2023
Mar 2018 - Jun 2023
2018-03 to 2023-06
since 2020
since March 2020
since 2018 until 2023
2018-present
joined in 2018
8 weeks
90 days
several years
a few years
a couple of years
a few months
5
unknown
Unknown
not known
not stated
n/a
N/A
?
""".strip().splitlines()

HEBREW_DEPARTURES = """
יוני 2023
ביוני 2023
יוני, 2023
חודש יוני 2023
בחודש יוני 2023
יוני של 2023
מרס 2022
מרץ 2022
במרץ 2022
ינו׳ 2023
אוג' 2023
ספט׳ 2022
יוני ׳23
יוני 23
15 ביוני 2023
15 יוני 2023
ה-15 ביוני 2023
ב-15 ביוני 2023
15/6/2023
15.6.2023
15.06.2023
03/04/2023
2023-06-15
06/2023
6.2023
2023
בשנת 2023
שנת 2023
ב-2023
ב־2023
במהלך 2023
במהלך שנת 2023
מתישהו ב-2022
תחילת 2023
בתחילת 2023
ראשית 2023
בראשית 2023
תחילת שנת 2023
אמצע 2023
באמצע 2023
אמצע שנת 2022
סוף 2023
בסוף 2023
סוף שנת 2022
שלהי 2022
לקראת סוף 2022
תחילת יוני 2023
אמצע מרץ 2022
בסוף יוני 2023
רבעון 3 2022
רבעון שלישי 2022
רבעון שלישי של 2022
הרבעון השלישי של 2022
ברבעון השלישי של 2022
רבעון ג׳ 2022
Q3 2022
מחצית ראשונה 2023
המחצית הראשונה של 2023
במחצית השנייה של 2022
מחצית שניה של 2022
אביב 2021
קיץ 2022
בקיץ 2022
סתיו 2020
בסתיו 2020
חורף 2022
חורף 2022/23
בערך 2019
סביב 2019
סביבות 2019
בסביבות 2019
בסביבות יוני 2019
~2019
ינואר או פברואר 2023
ינואר-פברואר 2023
ינואר/פברואר 2023
ינואר עד מרץ 2023
מינואר עד מרץ 2023
בין ינואר למרץ 2023
בין 2021 ל-2023
דצמבר 2022 או ינואר 2023
2022 או 2023
2022-2023
2022/23
סוף 2022 או תחילת 2023
סוף 2022 - תחילת 2023
אמצע עד סוף 2022
לפני 2023
לפני יוני 2023
עד 2023
עד סוף 2022
עד מאי 2023
לא יאוחר ממרץ 2023
אחרי מאי 2023
לאחר מאי 2023
אחרי 2021
מאז 2023
לא לפני 2022
לא ידוע
לא ידועה
תאריך לא ידוע
לא צוין
לא נמסר
?
""".strip().splitlines()

HEBREW_TENURES = """
6 שנים ו-7 חודשים
6 שנים, 7 חודשים
6 שנים ו־7 חודשים
6 שנים 7 חודשים
שש שנים ושבעה חודשים
7 שנים
7 שנים.
שבע שנים
5 חודשים
חמישה חודשים
36 חודשים
18 חודש
11 שנה
12 שנים
אחת עשרה שנים
עשר שנים
שנה
שנה אחת
שנתיים
שנה וחצי
שנתיים וחצי
3 שנים וחצי
שלוש שנים וחצי
3.5 שנים
3½ שנים
חצי שנה
רבע שנה
שנה ורבע
חודש
חודש אחד
חודשיים
שנה וחודש
שנה וחודשיים
שנה ו-2 חודשים
שנתיים ושלושה חודשים
עשור
חצי עשור
כעשור
יותר מעשור
למעלה מעשור
כמעט עשור
3 עד 4 שנים
3-4 שנים
שלוש עד ארבע שנים
שלוש-ארבע שנים
שלוש או ארבע שנים
3 או 4 שנים
בין 3 ל-4 שנים
בין שלוש לארבע שנים
18 עד 24 חודשים
שנה עד שנתיים
שנה או שנתיים
שנה-שנתיים
יותר מ-3 שנים
יותר משלוש שנים
יותר משנה
מעל 3 שנים
מעל שלוש שנים
למעלה משלוש שנים
למעלה מ-3 שנים
לפחות 3 שנים
לפחות שלוש שנים
3+ שנים
3 שנים ומעלה
3 שנים לפחות
כמעט 3 שנים
כמעט שלוש שנים
כמעט שנתיים
קרוב לחמש שנים
קרוב ל-5 שנים
פחות משנה
פחות מ-3 שנים
פחות משנתיים
עד שנה
עד 3 שנים
לכל היותר שנתיים
קצת יותר משנתיים
קצת פחות משנתיים
כ-3 שנים
כ־3 שנים
כשלוש שנים
כשנה
כשנתיים
כחצי שנה
כשנה וחצי
בערך 3 שנים
בערך שלוש שנים
בסביבות 3 שנים
~3 שנים
3 שנים בערך
2018-2023
2018 עד 2023
מ-2018 עד 2023
בין 2018 ל-2023
מרץ 2018 עד יוני 2023
מאז 2020
מאז מרץ 2020
כמה שנים
מספר שנים
כמה חודשים
לא ידוע
לא צוין
?
""".strip().splitlines()
