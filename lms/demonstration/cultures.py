"""Names of people in many cultures and scripts; who bears which of them is drawn, and nobody real is meant."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Culture:
    """Given and family names, separated by spaces; `name:latin` where the script is not Latin, `_` for a blank.

    No family names: people there go by one name. `family_first`: people write the family name first, and so they
    change on their profile what HR's two columns make of it (`joint` stands between the two). `countries`: ISO codes
    of where local staff have such names.
    """

    given: str
    family: str = ""
    language: str = "en"
    countries: str = ""
    family_first: bool = False
    joint: str = " "


CULTURES = (
    Culture(
        "Akosua Kwabena Efua Yaw Abena Kojo Adwoa Kwaku Esi Ekow Ama Kwesi Akua Fiifi Araba Afia",
        "Boateng Asante Owusu Addo Ofori Amoako Appiah Osei Agyeman Darko Quaye Tetteh Lartey Ansah", countries="GH",
    ),
    Culture(
        "ليلى:layla يوسف:yousef هدى:huda سامر:samer رنا:rana كريم:karim نور:nour طارق:tariq مريم:maryam زياد:ziad "
        "سلمى:salma فادي:fadi دينا:dina أنس:anas لمى:lama باسل:basel",
        "الخطيب:alkhatib حداد:haddad النجار:alnajjar منصور:mansour الزعبي:alzoubi قاسم:qasem صباغ:sabbagh عودة:odeh "
        "الحسن:alhassan شاهين:shaheen خليل:khalil درويش:darwish", "ar", "JO LB EG",
    ),
    Culture(
        "Camila Julián Ximena Óscar Yolanda Andrés Lucía Iván Rocío Héctor Noemí Raúl Belén Tomás Inés Wilber "
        "Maribel",
        "Huamán Ñahui Vargas Peña Muñoz Condori Salazar Ríos Córdova Tello Yupanqui Fuentes Ibáñez Lozano "
        "Núñez", "es",
        "PE CO BO EC GT HN PY NI SV",
    ),
    Culture(
        "सीता:sita रमेश:ramesh अनिता:anita बिबेक:bibek कमला:kamala सुनील:sunil गीता:gita प्रकाश:prakash मीना:mina "
        "दीपक:dipak सरिता:sarita नबीन:nabin रीता:rita हरि:hari",
        "श्रेष्ठ:shrestha तामाङ:tamang गुरुङ:gurung थापा:thapa राई:rai अधिकारी:adhikari महर्जन:maharjan "
        "बस्नेत:basnet "
        "शर्मा:sharma लामा:lama", countries="NP",
    ),
    Culture(
        "Neema Juma Rehema Baraka Zawadi Amani Halima Daudi Furaha Salim Tatu Hamisi Upendo Rashidi Mwajuma Elia",
        "Mushi Lyimo Massawe Kimaro Mwakyusa Shayo Temba Mrema Kessy Ngowi Mollel Swai Urio Msuya", countries="TZ",
    ),
    Culture(
        "Олена:olena Тарас:taras Марія:mariia Ілля:illia Оксана:oksana Богдан:bohdan Ірина:iryna Назар:nazar "
        "Соломія:solomiia Андрій:andrii Леся:lesia Юрій:yurii Дарина:daryna Степан:stepan",
        "Коваль:koval Шевчук:shevchuk Бондар:bondar Мельник:melnyk Ткач:tkach Гончар:honchar Кравець:kravets "
        "Лисенко:lysenko Поліщук:polishchuk Савчук:savchuk Мороз:moroz", countries="UA",
    ),
    Culture(
        "小梅:xiaomei 志强:zhiqiang 静:jing 伟:wei 丽华:lihua 建国:jianguo 芳:fang 明:ming "
        "晓东:xiaodong 雪:xue 佳怡:jiayi "
        "海涛:haitao 敏:min 俊杰:junjie",
        "陈:chen 林:lin 周:zhou 黄:huang 吴:wu 徐:xu 孙:sun 马:ma 朱:zhu 胡:hu 郭:guo "
        "何:he", family_first=True, joint="",
    ),
    Culture(
        "Wulandari Sumarni Budiono Kartini Slamet Suharti Paijo Lestari Sukarman Ngatini Mulyono Ratnasari Wagimin "
        "Purwanti Sutrisno Handayani Tukiman Widodo Rahayu Sumiati Parto Endang Kusuma Hartini", countries="ID TL",
    ),
    Culture(
        "Élodie Benoît Aïssatou Ousmane Zoé Fatoumata Étienne Mariama Thierry Aminata Rémi Coumba Adèle Moussa "
        "Solène",
        "Lefèvre Traoré Ndiaye Gagnon Diop Coulibaly Bélanger Sow Mercier Sarr Keïta Fournier Bâ Faye Cissé", "fr",
        "SN ML BF HT CM NE TG MG",
    ),
    Culture(
        "Kristín Jürgen Saoirse Łukasz Žofie Søren Ilse Matteo Agnieszka Niamh Sjoerd Aino Čestmír Birgitta Tadhg",
        "Jónsdóttir Weiß Ó'Brien Wójcik Nováková Lindqvist De_Vries Ferrari Kowalczyk Mäkinen Brandt Horák "
        "Nic_Gabhann",
        countries="CH AT",
    ),
    Culture(
        "ሰላም:selam ዳዊት:dawit ትዕግስት:tigist ሀና:hana ብርሃኑ:birhanu ሳራ:sara ዮናስ:yonas ማርታ:marta አበበ:abebe ሊያ:liya",
        "በቀለ:bekele ታደሰ:tadesse ገብሬ:gebre ወልዴ:wolde ተስፋዬ:tesfaye አለሙ:alemu ከበደ:kebede ደስታ:desta መኮንን:mekonnen",
        countries="ET",
    ),
    Culture(
        "Aye Thiri Kyaw Zaw Nilar Moe Hnin Thein Sandar Naing Khin Myo Su Wai",
        "Thu Win Htun Lin Phyu Soe Maung Hlaing",
        countries="MM",
    ),
    Culture(
        "Thị_Lan Minh Quang Thu_Hà Đức Ngọc Hải_Yến Tuấn Mai Khánh Bảo_Châu Long Hạnh Phúc",
        "Nguyễn Trần Lê Phạm Huỳnh Võ Đặng Bùi Đỗ Hồ Ngô Dương", family_first=True, countries="VN",
    ),
    Culture(
        "João Beatriz Luísa Tomás Inês Caetano Débora Simão Glória Adérito Célia Nuno Esperança Zeferino",
        "Simões Conceição Gonçalves Macuácua Araújo Guimarães Assunção Falcão Sitoe Magalhães Brandão Teixeira", "pt",
        "BR MZ",
    ),
    Culture(
        "ஆனந்தி:anandhi முருகன்:murugan செல்வி:selvi கண்ணன்:kannan மாலதி:malathi வேலு:velu பூங்கோதை:poongothai "
        "இளங்கோ:ilango கயல்விழி:kayalvizhi மணி:mani தேன்மொழி:thenmozhi அரசு:arasu", countries="LK",
    ),
    Culture(
        "ნინო:nino გიორგი:giorgi თამარ:tamar ლევან:levan ქეთევან:ketevan დავით:davit ეკა:eka ვახტანგ:vakhtang ანა:ana",
        "ბერიძე:beridze კაპანაძე:kapanadze მაისურაძე:maisuradze ლომიძე:lomidze გელაშვილი:gelashvili "
        "კვარაცხელია:kvaratskhelia",
        countries="GE",
    ),
    Culture(
        "Yūki Haruka Kenji Aiko Shōta Mei Daichi Natsumi Ryō Kaori Takumi Sayaka",
        "Satō Ōno Itō Tanaka Kondō Mori Yamashita Hayashi Endō Fujita Shimizu Saitō", family_first=True,
    ),
    Culture(
        "María_José Fe Angelito Jun Rosalinda Crisanto Luzviminda Rodel Marites Dante Analyn Jovencio Ligaya Efren",
        "dela_Cruz Bautista Reyes Macaraeg Dimaculangan Salonga Pangilinan Villanueva Catacutan Manalo Ocampo",
        countries="PH",
    ),
    Culture(
        "রহিমা:rahima করিম:karim শিরিন:shirin জাহিদ:zahid নাসরিন:nasrin আরিফ:arif সুমাইয়া:sumaiya তানভীর:tanvir "
        "ফারজানা:farzana রাশেদ:rashed",
        "আহমেদ:ahmed চৌধুরী:chowdhury হোসেন:hossain সরকার:sarkar খাতুন:khatun মিয়া:mia তালুকদার:talukdar "
        "মণ্ডল:mondal",
        countries="BD",
    ),
    Culture(
        "Chinyere Emeka Folasade Tunde Aisha Musa Ngozi Obinna Yetunde Sunday Ifeoma Babatunde Zainab Chidi Hauwa "
        "Segun",
        "Okafor Adeyemi Bello Nwosu Balogun Abubakar Eze Ogunleye Danjuma Onyekachi Lawal Adebayo Uche Yakubu",
        countries="NG SL",
    ),
    Culture(
        "Նարե:nare Արամ:aram Անի:ani Տիգրան:tigran Լուսինե:lusine Հայկ:hayk Մարիամ:mariam Դավիթ:davit Սոնա:sona",
        "Պետրոսյան:petrosyan Գրիգորյան:grigoryan Հակոբյան:hakobyan Սարգսյան:sargsyan Մկրտչյան:mkrtchyan "
        "Ավագյան:avagyan",
        countries="AM",
    ),
    Culture(
        "Айгүл:aigul Нурлан:nurlan Жылдыз:zhyldyz Бакыт:bakyt Гүлнара:gulnara Азамат:azamat Чынара:chynara "
        "Эрмек:ermek",
        "Асанова:asanova Токтоев:toktoev Жумабаев:zhumabaev Бекова:bekova Сыдыков:sydykov Осмонов:osmonov "
        "Исаева:isaeva",
        countries="KG",
    ),
    Culture(
        "សុភា:sophea ដារ៉ា:dara ចាន់ធី:chanthy វិសាល:visal រតនា:ratana សុខា:sokha បុប្ផា:bopha ពិសិដ្ឋ:piseth",
        "សុខ:sok ចាន់:chan កែវ:keo ហេង:heng លី:ly នួន:nuon អ៊ុក:ouk", family_first=True, countries="KH",
    ),
    Culture(
        "Esnart Chimwemwe Thandiwe Mwansa Tadala Bupe Limbani Mutinta Kondwani Chipo Mphatso Lubinda Tiyamike "
        "Natasha",
        "Banda Phiri Mwale Chirwa Nyirenda Zulu Kachingwe Mumba Gondwe Tembo Lungu Mbewe Chisale", countries="MW ZM",
    ),
    Culture(
        "Uwase Mugisha Nakato Okello Keza Tumusiime Nalubega Habimana Akello Byamukama Ingabire Ssali Mutesi Opio",
        "Nsengiyumva Kagwa Nabirye Ochieng Mukamana Tibenderana Otim Uwimana Byaruhanga Mbabazi Ndayisaba Achieng",
        countries="UG RW KE",
    ),
    Culture(
        "Elira Besnik Drita Ardit Amra Emir Lejla Vedran Ioana Vasile Doina Andrei Mirela Selma Petru",
        "Hoxha Krasniqi Begić Hadžić Ceban Rusu Munteanu Lleshi Delić Ćosić Balan Gjoka Kovačević",
        countries="AL BA MD",
    ),
    Culture(
        "Litia Sione Mere Tevita Sala Jone Vika Manu Ana Epeli Losa Waisale",
        "Tuilagi Vakaloloma Naqau Kila Tabua Wamea "
        "Ravouvou Morea Koroi Gavera Tora", countries="FJ PG",
    ),
)  # fmt: skip
