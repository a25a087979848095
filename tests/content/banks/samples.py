"""A sample bank of every format, with every feature that its reader knows."""

GIFT = r"""// A bank with everything that GIFT has.
$CATEGORY: $course$/top/Field work

// [id:who-speaks] [tag:Listening well] [tag:competency:PC1] asked in spring
::Who speaks::[html]<p>Who speaks <b>first</b>?</p>{
  =[html]<p>The partner</p>#Right, because they know.
  ~The donor#Wrong, they arrive later.
  ~%-25%Nobody####General words.
}

::Several signs:: Which are good signs?{
  ~%50%They ask early#Yes
  ~%50%They share bad news
  ~%-50%They never write
}

::Several by themselves:: Which river is long?{=Congo =Niger ~Thames}

::A half mark:: Which is nearest?{=Kisumu ~%50%Nakuru ~Lagos}

::Judged:: [markdown]Partners *always* agree.{FALSE#They do not, think again.#Well judged.####Nobody always agrees.}

::Judged shortly:: Water boils.{T}

::One word:: Name the capital of Kenya.{=Nairobi#Well known =nairobi city =%50%Mombasa =N*}

::Missing word:: Ask a partner {=before ~after} you decide.

::Match them:: Who does what?{
  =Auditor -> checks books
  =Driver -> drives cars
  = -> sings songs
}

::A number:: How many sacks are there?{#25:2}

::A range:: How many litres are there?{#=1.5..2.5#Near enough ~#Far away ####Count again.}

::Several numbers:: How much is pi?{#3.141:0.005 =%50%3:1}

::Written out:: Tell a story about a partner. {}

A description stands alone here.

::Escaped:: Is 2 \= 1 \+ 1, and \{braces\} \~ \# fine\:\nYes?{=Surely \= so ~Never \~ so}

::Plain::[plain]Say <b>this</b> & *that*{=Plain <i>one</i> ~Plain *two*}
// [id:late]
"""

MOODLE_XML = r"""<?xml version="1.0" encoding="UTF-8"?>
<quiz>
<!-- question: 0  -->
  <question type="category">
    <category><text>$course$/top/Field work</text></category>
    <info format="html"><text>About fields</text></info>
  </question>
  <question type="multichoice">
    <name><text>Who speaks</text></name>
    <questiontext format="html">
      <text><![CDATA[<p>Who speaks <b>first</b>? <img src="@@PLUGINFILE@@/table.png" alt="table"></p>]]></text>
      <file name="table.png" path="/" encoding="base64">iVBORw0KGgo=</file>
    </questiontext>
    <generalfeedback format="html"><text>General words.</text></generalfeedback>
    <defaultgrade>2.0000000</defaultgrade>
    <penalty>0.3333333</penalty>
    <hidden>0</hidden>
    <idnumber>who-speaks</idnumber>
    <single>true</single>
    <shuffleanswers>false</shuffleanswers>
    <answernumbering>abc</answernumbering>
    <showstandardinstruction>0</showstandardinstruction>
    <correctfeedback format="html"><text>Correct words</text></correctfeedback>
    <partiallycorrectfeedback format="html"><text>Partial words</text></partiallycorrectfeedback>
    <incorrectfeedback format="html"><text>Incorrect words</text></incorrectfeedback>
    <shownumcorrect/>
    <answer fraction="100" format="html"><text>The partner</text><feedback format="html"><text>Right</text></feedback></answer>
    <answer fraction="-25" format="plain_text"><text>The donor</text><feedback format="html"><text/></feedback></answer>
    <hint format="html"><text>Think twice</text></hint>
    <tags><tag><text>Listening well</text></tag><tag><text>competency:PC1</text></tag></tags>
  </question>
  <question type="multichoice">
    <name><text>Several signs</text></name>
    <questiontext format="moodle_auto_format"><text>Which are
good signs?</text></questiontext>
    <single>false</single>
    <answer fraction="50"><text>They ask early</text><feedback><text>Yes</text></feedback></answer>
    <answer fraction="50"><text>They share bad news</text></answer>
    <answer fraction="0"><text>They never write</text></answer>
  </question>
  <question type="truefalse">
    <name><text>Judged</text></name>
    <questiontext format="markdown"><text>Partners *always* agree.</text></questiontext>
    <answer fraction="0"><text>true</text><feedback><text>They do not.</text></feedback></answer>
    <answer fraction="100"><text>false</text><feedback><text>Well judged.</text></feedback></answer>
  </question>
  <question type="shortanswer">
    <name><text>One word</text></name>
    <questiontext format="html"><text>Name the capital of Kenya.</text></questiontext>
    <usecase>1</usecase>
    <answer fraction="100"><text>Nairobi</text><feedback><text>Well known</text></feedback></answer>
    <answer fraction="50"><text>Mombasa</text></answer>
    <answer fraction="0"><text>*</text><feedback><text>Not that one</text></feedback></answer>
  </question>
  <question type="numerical">
    <name><text>A weight</text></name>
    <questiontext format="html"><text>How heavy are the sacks?</text></questiontext>
    <answer fraction="100"><text>5500</text><tolerance>50</tolerance><feedback><text>Heavy indeed</text></feedback></answer>
    <answer fraction="50"><text>5000</text><tolerance>100</tolerance></answer>
    <units><unit><multiplier>1</multiplier><unit_name>kg</unit_name></unit>
      <unit><multiplier>0.001</multiplier><unit_name>tonnes</unit_name></unit></units>
    <unitgradingtype>1</unitgradingtype><unitpenalty>0.1</unitpenalty><showunits>0</showunits><unitsleft>0</unitsleft>
  </question>
  <question type="matching">
    <name><text>Match them</text></name>
    <questiontext format="html"><text>Who does what?</text></questiontext>
    <shuffleanswers>true</shuffleanswers>
    <subquestion format="html"><text>Auditor</text><answer><text>checks books</text></answer></subquestion>
    <subquestion format="html"><text>Driver</text><answer><text>drives cars</text></answer></subquestion>
    <subquestion format="html"><text></text><answer><text>sings songs</text></answer></subquestion>
  </question>
  <question type="ordering">
    <name><text>In order</text></name>
    <questiontext format="html"><text>What comes first?</text></questiontext>
    <layouttype>VERTICAL</layouttype><selecttype>ALL</selecttype><gradingtype>ABSOLUTE_POSITION</gradingtype>
    <answer fraction="2.0000000"><text>Decide together</text></answer>
    <answer fraction="1.0000000"><text>Listen first</text><feedback><text>Ears come before mouths</text></feedback></answer>
    <answer fraction="3.0000000"><text>Write down</text></answer>
  </question>
  <question type="cloze">
    <name><text>With gaps</text></name>
    <questiontext format="html"><text><![CDATA[<p>The capital is {1:SHORTANSWER:=Nairobi#Known~%50%Mombasa#Near~*#Other},
      a {2:MULTICHOICE:=river#Wet~mountain#Dry} has {:NM:=12:1} bends.</p>]]></text></questiontext>
  </question>
  <question type="gapselect">
    <name><text>Selected words</text></name>
    <questiontext format="html"><text><![CDATA[<p>Choose words.</p><hr><p>The [[1]] drives the [[3]].</p>]]></text></questiontext>
    <shuffleanswers>1</shuffleanswers>
    <selectoption><text>driver</text><group>1</group></selectoption>
    <selectoption><text>auditor</text><group>1</group></selectoption>
    <selectoption><text>lorry</text><group>2</group></selectoption>
    <selectoption><text>ledger</text><group>2</group></selectoption>
    <selectoption><text>unused</text><group>3</group></selectoption>
  </question>
  <question type="ddwtos">
    <name><text>Dragged words</text></name>
    <questiontext format="html"><text>The [[2]] keeps the [[1]].</text></questiontext>
    <dragbox><text>accounts</text><group>1</group><infinite/></dragbox>
    <dragbox><text>cashier</text><group>1</group></dragbox>
  </question>
  <question type="essay">
    <name><text>Written out</text></name>
    <questiontext format="html"><text>Tell a story about a partner.</text></questiontext>
    <responseformat>editor</responseformat>
  </question>
  <question type="description"><name><text>Told</text></name><questiontext><text>Nothing asked</text></questiontext></question>
  <question type="calculated"><name><text>Drawn anew</text></name><questiontext><text>Add them</text></questiontext></question>
  <question type="ddmarker"><name><text>On a map</text></name><questiontext><text>Point there</text></questiontext></question>
  <question type="stack"><name><text>Algebra</text></name><questiontext><text>Solve that</text></questiontext></question>
</quiz>
"""

AIKEN = """Who speaks first?
A. The partner
B) The donor
C. Nobody at all
ANSWER: A

Which is a *good* sign?
A) They share bad news
B) They never write
ANSWER: A
What comes next?
A. Listen well
B. Decide alone
ANSWER: A
"""

CSV = """id,type,prompt,option_1,option_2,option_3,feedback_1,feedback_2,feedback_3,right,tolerance,feedback,if_true,if_false,\
competency,section,scenario,critical,difficulty,tags
who-speaks,single_choice,Who speaks **first**?,The partner,The donor,,Right,Wrong,,1,,General words,,,PC1,listen-first,true,true,easy,ears;field
signs,multiple_response,Which are good signs?,They ask,They share,They hide,Yes,Yes,Never,1;2,,,,,PC1,listen-first,,,,
judged,true_false,Partners always agree.,,,,,,,false,,,They do not,Well judged,PC1,listen-first,,,,
capital,short_text,Name the capital of Kenya.,Nairobi,Nairobi city,,,,,,,Well known,,,PC1,listen-first,,,,
sacks,numeric,How many sacks?,,,,,,,25.5,0.5,Count again,,,PC1,listen-first,,,hard,
order,ordering,"What comes first,
and then?",Listen,Decide,Write,Ears,Both,Last,,,,,,PC1,listen-first,,,,
,single_choice,Has no name?,Yes indeed,No never,,Good,Bad,,1,,,,,PC1,listen-first,,,,
"""

BANKS = {"gift": GIFT, "moodle-xml": MOODLE_XML, "aiken": AIKEN, "csv": CSV}
