/* SPDX-License-Identifier: MIT */
#include "chat/lexicon.h"

/* clang-format off */
static const char *const
    lexicon[LEXICON_LANGUAGE_COUNT][LEXICON_LIST_COUNT] = {
[LEXICON_ENGLISH] = {
[LEXICON_CONDITIONS] =
    "assume assuming at exactly except given if least most must neither "
    "nor not only otherwise provided such suppose then unless whether "
    "without",
[LEXICON_QUANTITIES] =
    "altogether average difference each every fewer half left less many "
    "more much per percent product quarter rate ratio remaining sum "
    "than third times total twice",
[LEXICON_COMPARISONS] =
    "all another any as both different each either equal every fewer "
    "least less more most other others same some than",
[LEXICON_NEGATIONS] =
    "aren't can't cannot didn't doesn't don't false incorrect isn't "
    "neither never no nobody none nor not nothing wasn't without won't "
    "wrong",
[LEXICON_STORY] =
    "asked bought came decided did gave got had he her hers him his "
    "said she spent their theirs them they told took was went were",
[LEXICON_MAKING] =
    "algorithm api build class code compile create database debug "
    "design develop fix function generate implement program query "
    "refactor regex script server sql write",
[LEXICON_ORDERS] =
    "analyse analyze check compare create debug derive describe design "
    "explain find given implement justify list optimise optimize prove "
    "return show solve write",
[LEXICON_REASONING] =
    "prove proof proofs proves show justify why infer deduce solve "
    "compare weigh debug bug bugs refactor rewrite minimal bound bounds "
    "recursive tradeoffs trade offs evaluate critique refute argue "
    "design designs race races works expla- analy- deriv- imple- optim- "
    "algor- concu- theor- hypot- contr- compl- consi- assum- impli- "
    "induc- strat- parad- exten- prede- depen- simul- formu- diagn- "
    "inter-",
[LEXICON_CHORES] =
    "hello hi hey thanks thank translate spell spelled synonym "
    "opposite rhymes joke title caption slogan greeting nickname "
    "nicknames typos spelling colour color capital name say called "
    "summarize summarise lovely friendly polite welcome bye morning "
    "night alphabetical",
[LEXICON_LOOKUP] =
    "when where which who whom whose",
[LEXICON_COMMON] =
    "a about after all an and any are as at back be been but by call "
    "can come could day did do down each find first for from get go had "
    "has have he her him his hot how i if in is it just know like long "
    "look made make many me more most my new no now of on one only or "
    "other our out over part people place said see she side so some "
    "take than that the their them then there these they thing this "
    "time to two under up use very was way we were what when where "
    "which who will with would you your",
},
[LEXICON_GERMAN] = {
[LEXICON_CONDITIONS] =
    "wenn falls sofern außer nur genau mindestens höchstens muss müssen "
    "darf dürfen sonst angenommen gegeben ohne weder noch ob sodass "
    "bedin-",
[LEXICON_QUANTITIES] =
    "jede jeder jedes jeden jedem pro insgesamt rest übrig doppelt "
    "doppelte hälfte halb drittel viertel prozent mal mehr weniger "
    "durchschnitt summe differenz produkt viele viel wieviel verhä-",
[LEXICON_COMPARISONS] =
    "als andere anderen anderer anderem beide beiden gleich gleiche "
    "gleichen mehr weniger jede jeder jedes einige alle meisten "
    "mindestens entweder versc-",
[LEXICON_NEGATIONS] =
    "nicht kein keine keinen keiner nie niemals nichts niemand ohne "
    "weder falsch",
[LEXICON_STORY] =
    "er sie ihr ihre ihm ihn sein seine hatte hatten waren kaufte sagte "
    "ging gab nahm",
[LEXICON_MAKING] =
    "schreib schreibe schreiben baue bauen code funktion programm "
    "algorithmus datenbank skript server klasse abfrage api sql entwu- "
    "entwi- imple- erstelle erstellen entwürfe",
[LEXICON_ORDERS] =
    "schreib schreibe nenne liste finde zeige gib erklä- besch- vergl- "
    "berec- beweise entwirf löse leite begründe analysiere",
[LEXICON_REASONING] =
    "zeige warum weshalb begründe begründen leite löse erklä- bewei- "
    "analy- vergl- optim- entwi- herle- algor- wider- annah- kompl- "
    "theor- imple- hypot- bewer- entwürfe",
[LEXICON_CHORES] =
    "hallo danke gruß grüße titel witz farbe hauptstadt synonym "
    "name heißt sag guten tschüss übers-",
[LEXICON_LOOKUP] =
    "wer wann wo welche welcher welches wem",
[LEXICON_COMMON] =
    "der die das und ist ich nicht du es ein eine einen einer zu den "
    "dem des von mit auf für wie was im auch war so wird sind hat man "
    "nach bei ihr wir sie dass aus einem",
},
[LEXICON_FRENCH] = {
[LEXICON_CONDITIONS] =
    "si sauf seulement exactement moins doit doivent devrait sinon "
    "supposons donné sans ni condition conditions chaque peut",
[LEXICON_QUANTITIES] =
    "chaque chacun chacune par total reste double moitié tiers quart "
    "pourcent fois plus moins moyenne rapport somme différence produit "
    "combien beaucoup",
[LEXICON_COMPARISONS] =
    "que autre autres tous toutes deux même mêmes plus moins chaque "
    "certains certaines égal entre diffé- compa-",
[LEXICON_NEGATIONS] =
    "pas ne jamais rien personne aucun aucune sans ni faux fausse",
[LEXICON_STORY] =
    "il elle ils lui leur leurs son sa ses avait avaient était étaient "
    "acheta donna dit alla prit",
[LEXICON_MAKING] =
    "écris écrire écrivez code fonction programme algorithme script "
    "serveur classe requête api sql conception créer crée base imple- "
    "dével-",
[LEXICON_ORDERS] =
    "écris écrivez liste trouve trouvez donne montre décris calcule "
    "expli- compa- prouve justifie résous démon- analy-",
[LEXICON_REASONING] =
    "pourquoi montre montrer prouve prouver preuve justifie résous "
    "conception conceptions démon- expli- analy- compa- optim- algor- "
    "hypot- dédui- contr- compl- théor- imple- évalu-",
[LEXICON_CHORES] =
    "bonjour salut merci salutation titre blague couleur capitale "
    "synonyme nom appelle dis bonsoir tradu-",
[LEXICON_LOOKUP] =
    "qui quand où quel quelle quels quelles",
[LEXICON_COMMON] =
    "le la les et est je de des du un une à au aux en dans pour sur "
    "avec qui que ce cette il elle nous vous ne pas par plus mais ou "
    "sont ont était c'était se sa son tu",
},
[LEXICON_SPANISH] = {
[LEXICON_CONDITIONS] =
    "si salvo excepto solo sólo exactamente menos debe deben debería "
    "supongamos dado sin ni condición condiciones cada",
[LEXICON_QUANTITIES] =
    "cada por total resto doble mitad tercio cuarto porcentaje ciento "
    "veces más menos promedio razón suma diferencia producto cuántos "
    "cuántas cuánto cuánta muchos",
[LEXICON_COMPARISONS] =
    "que otro otra otros otras todos todas dos ambos mismo misma mismos "
    "más menos cada algunos algunas igual entre difer- compa-",
[LEXICON_NEGATIONS] =
    "no nunca nada nadie ningún ninguno ninguna sin ni falso jamás",
[LEXICON_STORY] =
    "él ella ellos ellas le les su sus tenía tenían era eran compró dio "
    "dijo fue tomó",
[LEXICON_MAKING] =
    "escribe escribir código función programa algoritmo script servidor "
    "clase consulta api sql diseño diseños diseña crea crear base "
    "imple- desar-",
[LEXICON_ORDERS] =
    "escribe lista encuentra halla da muestra describe calcula expli- "
    "compa- diseña resuelve justifica demue- anali-",
[LEXICON_REASONING] =
    "prueba justifica resuelve diseña diseño diseños porqué demue- "
    "demos- expli- anali- compa- optim- algor- hipót- deduc- contr- "
    "compl- teore- imple- evalú-",
[LEXICON_CHORES] =
    "hola gracias saludo título chiste color capital sinónimo nombre "
    "llama di buenos buenas tradu-",
[LEXICON_LOOKUP] =
    "quién quiénes cuándo dónde cuál cuáles",
[LEXICON_COMMON] =
    "el la los las y es de del un una a al en para con por que no se su "
    "lo como más pero este esta son fue muy está o qué cuál",
},
[LEXICON_PORTUGUESE] = {
[LEXICON_CONDITIONS] =
    "se salvo exceto só somente exatamente menos deve devem deveria "
    "suponha dado sem nem condição condições cada apenas",
[LEXICON_QUANTITIES] =
    "cada por total resto dobro metade terço quarto porcento vezes mais "
    "menos média razão soma diferença produto quantos quantas quanto "
    "quanta muitos",
[LEXICON_COMPARISONS] =
    "que outro outra outros outras todos todas dois duas ambos mesmo "
    "mesma mais menos cada alguns algumas igual entre difer- compa-",
[LEXICON_NEGATIONS] =
    "não nunca nada ninguém nenhum nenhuma sem nem falso jamais",
[LEXICON_STORY] =
    "ele ela eles elas lhe seu sua seus suas tinha tinham era eram "
    "comprou deu disse foi",
[LEXICON_MAKING] =
    "escreva escreve escrever código função programa algoritmo script "
    "servidor classe consulta api sql projeto projetos projete crie "
    "criar banco imple- desen-",
[LEXICON_ORDERS] =
    "escreva escreve liste encontre ache dê mostre descreva calcule "
    "expli- compa- prove projete resolva demon- anali-",
[LEXICON_REASONING] =
    "prove prova provar justifique resolva projete projetos demon- "
    "expli- anali- compa- otimi- algor- hipót- deduz- contr- compl- "
    "teore- imple- avali-",
[LEXICON_CHORES] =
    "olá oi obrigado obrigada saudação título piada cor capital "
    "sinônimo nome chama diga bom tradu-",
[LEXICON_LOOKUP] =
    "quem quando onde qual quais",
[LEXICON_COMMON] =
    "o a os as e é de do da dos das um uma em no na nos nas para com "
    "por que não se como mais mas este esta são foi muito está ou ao "
    "qual você",
},
[LEXICON_ITALIAN] = {
[LEXICON_CONDITIONS] =
    "se salvo tranne solo soltanto esattamente almeno deve devono "
    "dovrebbe supponi dato senza né condizione condizioni ogni purché "
    "altrimenti",
[LEXICON_QUANTITIES] =
    "ogni ognuno ognuna ciascuno ciascuna totale resto doppio metà "
    "terzo quarto percento volte più meno media rapporto somma "
    "differenza prodotto quanti quante quanto quanta molti",
[LEXICON_COMPARISONS] =
    "che altro altra altri altre tutti tutte due entrambi stesso stessa "
    "più meno ogni alcuni alcune uguale tra diver-",
[LEXICON_NEGATIONS] =
    "non mai niente nulla nessuno nessuna nessun senza né falso "
    "sbagliato",
[LEXICON_STORY] =
    "lui lei egli ella loro gli suo sua suoi sue aveva avevano era "
    "erano comprò diede disse andò prese",
[LEXICON_MAKING] =
    "scrivi scrivere scriva codice funzione programma algoritmo script "
    "server classe query api sql progetto progetti progetta crea creare "
    "base imple- svilu-",
[LEXICON_ORDERS] =
    "scrivi scriva elenca trova dai mostra descrivi calcola spieg- "
    "confr- progetta risolvi giustifica dimos- anali-",
[LEXICON_REASONING] =
    "perché prova giustifica risolvi progetta progetti dimos- spieg- "
    "anali- confr- ottim- algor- ipote- dedur- contr- compl- teore- "
    "imple- valut-",
[LEXICON_CHORES] =
    "ciao grazie saluto titolo barzelletta colore capitale sinonimo "
    "nome chiama buongiorno buona favore tradu-",
[LEXICON_LOOKUP] =
    "chi quando dove qual quale quali",
[LEXICON_COMMON] =
    "il lo la i gli le e è di del della dei delle un una in nel nella a "
    "al alla per con che non si come ma questo questa sono più o da cui "
    "tu",
},
[LEXICON_TURKISH] = {
[LEXICON_CONDITIONS] =
    "eğer ise ancak sadece yalnızca tam az çok gerekir gerek koşul "
    "varsayalım olmadan meli malı koşul- şartl- sürec-",
[LEXICON_QUANTITIES] =
    "her biri toplam kalan iki katı kat yarısı yarım yüzde kez daha "
    "fazla az ortalama oran fark çarpım kaç kadar",
[LEXICON_COMPARISONS] =
    "başka diğer diğeri bütün tüm ikisi aynı farklı daha her bazı eşit "
    "en karşı-",
[LEXICON_NEGATIONS] =
    "değil hiç hiçbir asla yok olmaz olmadığı yanlış ne",
[LEXICON_STORY] =
    "onun ona onlar onu vardı aldı verdi dedi gitti idi",
[LEXICON_MAKING] =
    "yaz yazın kod program betik sunucu sınıf sorgu api sql oluştur "
    "verit- tasar- geliş- fonks- algor-",
[LEXICON_ORDERS] =
    "yaz listele bul göster tanımla hesapla açıkl- karşı- kanıtla "
    "tasarla çöz",
[LEXICON_REASONING] =
    "neden niçin çöz kanıt göster açıkl- kanıt- anali- karşı- optim- "
    "algor- varsa- çeliş- tasar- değer-",
[LEXICON_CHORES] =
    "merhaba selam çevir başlık şaka renk ad adı günaydın teşek- "
    "başke-",
[LEXICON_LOOKUP] =
    "kim nerede neresi hangi neresidir kimdir nedir",
[LEXICON_COMMON] =
    "ve bir bu da de için ile çok ne var mı mi o gibi daha en ama olan "
    "oldu olarak sonra kadar ben sen her ki değil ise ya",
},
[LEXICON_RUSSIAN] = {
[LEXICON_CONDITIONS] =
    "если кроме только ровно точно минимум максимум должен должна "
    "должно должны иначе пусть дано без ни условиях условия либо",
[LEXICON_QUANTITIES] =
    "каждый каждая каждое каждого каждой каждую всего остаток вдвое "
    "дважды половина половину треть четверть процент процентов раз "
    "больше меньше чем среднее сумма разность произведение сколько "
    "много",
[LEXICON_COMPARISONS] =
    "другой другая другое другим другие других оба обе все всех такой "
    "тот больше меньше чем каждый каждая некоторые равно равны тем",
[LEXICON_NEGATIONS] =
    "не нет никогда ничего никто ни без нельзя неверно",
[LEXICON_STORY] =
    "он она они его её ему ей им их был была были купил купила дал дала "
    "сказал сказала взял пошёл",
[LEXICON_MAKING] =
    "напиши напишите код функция функцию программа программу алгоритм "
    "скрипт сервер класс запрос api sql создай базы базу разра- реали- "
    "проек- спрое-",
[LEXICON_ORDERS] =
    "напиши напишите перечисли найди найдите дай покажи опиши вычисли "
    "объяс- сравн- реши докаж- проан- спрое-",
[LEXICON_REASONING] =
    "почему покажи обоснуй реши выведи доказ- докаж- объяс- анали- "
    "проан- сравн- оптим- алгор- проти- предп- теоре- реали- спрое- "
    "оцени",
[LEXICON_CHORES] =
    "спасибо название шутку шутка цвет цвета столица синоним "
    "зовут скажи добрый здрав- приве- перев-",
[LEXICON_LOOKUP] =
    "кто когда где какой какая какое какие чей",
[LEXICON_COMMON] =
    "и в не на я что он с это как а но по из у за от о к же так для вы "
    "мы она они бы если или при до который которая всё то ты её его",
},
[LEXICON_ARABIC] = {
[LEXICON_CONDITIONS] =
    "إذا وإذا إن لو إلا فقط بالضبط الأقل الأكثر يجب وإلا بشرط شروط شرط "
    "دون بدون سوى عندما",
[LEXICON_QUANTITIES] =
    "كل لكل منها مجموع المجموع الباقي ضعف ضعفي نصف ثلث ربع مرات مرتين "
    "أكثر أقل متوسط نسبة فرق كم فكم عدد بالمئة",
[LEXICON_COMPARISONS] =
    "من آخر أخرى الآخر والآخر الأخرى كلا جميع نفس مختلف أكثر أقل بين "
    "بعض أي أحدهما كل",
[LEXICON_NEGATIONS] =
    "لا ألا لن لم ليس غير أبدا أحد بدون دون خطأ",
[LEXICON_STORY] =
    "هو هي هم له لها لهم كان كانت اشترى أعطى قال ذهب أخذ",
[LEXICON_MAKING] =
    "اكتب دالة برنامج خوارزمية كود شيفرة خادم قاعدة صمم تصميم تصميمين "
    "أنشئ استعلام نفذ api sql",
[LEXICON_ORDERS] =
    "اكتب اذكر جد أوجد اشرح واشرح صف قارن قارنها احسب بين أثبت برهن صمم "
    "حلل",
[LEXICON_REASONING] =
    "أثبت برهن البرهان برهان لماذا اشرح واشرح فسر حلل قارن قارنها صمم "
    "استنتج اشتق علل خوارزمية تصميم تصميمين",
[LEXICON_CHORES] =
    "مرحبا شكرا السلام تحية ترجم عنوان نكتة لون عاصمة مرادف اسم أهلا "
    "",
[LEXICON_LOOKUP] =
    "من متى أين أي",
[LEXICON_COMMON] =
    "في من على ما هو هي هذا هذه أن إلى عن مع كان كانت التي الذي لا أو "
    "لكن كل لكنه جدا بعد قبل",
},
[LEXICON_HINDI] = {
[LEXICON_CONDITIONS] =
    "यदि अगर तो चाहिए सिवाय केवल सिर्फ ठीक न्यूनतम अधिकतम अन्यथा मान "
    "बिना शर्त शर्तों ताकि",
[LEXICON_QUANTITIES] =
    "प्रत्येक हर कुल शेष दोगुने दोगुना दुगुना आधा तिहाई चौथाई प्रतिशत "
    "बार अधिक कम ज़्यादा औसत अनुपात योग अंतर गुणनफल कितने कितना कितनी",
[LEXICON_COMPARISONS] =
    "से दूसरा दूसरे दूसरी अन्य सभी दोनों समान अलग अधिक कम प्रत्येक हर "
    "कुछ बराबर तुलना",
[LEXICON_NEGATIONS] =
    "नहीं न मत कभी कोई बिना गलत",
[LEXICON_STORY] =
    "वह वे उसने उसका उसकी उन्होंने उनके था थी थे खरीदा दिया कहा गया",
[LEXICON_MAKING] =
    "लिखो लिखें कोड फ़ंक्शन फंक्शन प्रोग्राम एल्गोरिथ्म सर्वर डेटाबेस "
    "बनाओ बनाएं डिज़ाइन डिज़ाइनों क्वेरी api sql",
[LEXICON_ORDERS] =
    "लिखो लिखें बताओ बताएं समझाओ समझाएं खोजो वर्णन तुलना सिद्ध साबित हल",
[LEXICON_REASONING] =
    "सिद्ध साबित प्रमाण क्यों समझाओ समझाएं विश्लेषण तुलना हल निष्कर्ष "
    "तर्क एल्गोरिथ्म डिज़ाइन डिज़ाइनों",
[LEXICON_CHORES] =
    "नमस्ते धन्यवाद अनुवाद शीर्षक चुटकुला रंग राजधानी पर्यायवाची "
    "नाम अभिवादन",
[LEXICON_LOOKUP] =
    "कौन कब कहाँ कहां किसने",
[LEXICON_COMMON] =
    "है हैं का की के में से को और यह कि पर एक था जो नहीं तो ने हो क्या "
    "करो भी वह इस लिए",
},
[LEXICON_KOREAN] = {
[LEXICON_CONDITIONS] =
    "만약- 경우- 반드- 조건- 최소- 최대- 정확- 오직- 제외- 가정- 만일- 않으-",
[LEXICON_QUANTITIES] =
    "각각- 모든 모두 합계- 총합- 전체- 절반- 평균- 얼마- 몇 비율- 많은 많다- 두 배 나머- 퍼센-",
[LEXICON_COMPARISONS] =
    "다른 다음 같은 각각- 모든 모두 일부 어느 어떤 비교- 하나- 동일- 더",
[LEXICON_NEGATIONS] =
    "않는- 않지- 않고- 안 못 없는- 없이- 없다- 절대 절대로 아닌- 아니-",
[LEXICON_STORY] =
    "그는 그녀- 그들- 그의 샀다- 주었- 말했- 갔다-",
[LEXICON_MAKING] =
    "작성- 설계- 구현- 함수- 프로- 코드- 알고- 데이- 서버- 만드- 만들- 쿼리-",
[LEXICON_ORDERS] =
    "작성- 설명- 나열- 서술- 찾으- 비교- 계산- 구하- 증명- 설계- 분석-",
[LEXICON_REASONING] =
    "증명- 설명- 왜 이유- 분석- 설계- 비교- 유도- 최적- 알고- 논증- 추론- 구현-",
[LEXICON_CHORES] =
    "고마- 감사- 안녕- 번역- 인사- 수도- 무슨 제목- 이름- 농담- 색인-",
[LEXICON_LOOKUP] =
    "누가 누구- 언제- 어디-",
[LEXICON_COMMON] =
    "이 그 것 수 는 은 을 를 있는 있습- 합니- 입니- 하는 하세- 에서 그리- 하지- 무엇- 무슨 어떤 왜 큰 다른 "
    "되었- 어디-",
},
[LEXICON_CHINESE] = {
[LEXICON_CONDITIONS] =
    "如果 除非 必须 否则 假设 至少 最多 只能 条件 恰好 要求 只有",
[LEXICON_QUANTITIES] =
    "每个 每台 每人 总共 总数 一半 两倍 多少 平均 比例 更多 剩下 超过 百分 一共 两次",
[LEXICON_COMPARISONS] =
    "比较 另一 其他 相同 不同 两个 两种 都是 哪一 一种 更大 所有 每个",
[LEXICON_NEGATIONS] =
    "不能 没有 从不 不要 错误 不是 不成 不会 无法 不得",
[LEXICON_STORY] =
    "他们 她们 他的 她的 买了 给了 说了 去了",
[LEXICON_MAKING] =
    "写一 设计 实现 函数 程序 代码 算法 编写 数据 脚本 服务 查询",
[LEXICON_ORDERS] =
    "解释 列出 写出 说明 请写 描述 找到 计算 比较 证明 设计 分析",
[LEXICON_REASONING] =
    "证明 解释 为什 推导 分析 设计 算法 比较 优化 论证 复杂 反例 矛盾 推理",
[LEXICON_CHORES] =
    "谢谢 你好 您好 翻译 笑话 问候 首都 颜色 标题 名字 早上 再见",
[LEXICON_LOOKUP] =
    "谁是 哪里 时候 哪年 哪位 什么",
},
[LEXICON_JAPANESE] = {
[LEXICON_CONDITIONS] =
    "もし 場合 必ず だけ 限り 条件 以上 以下 除い 仮定 ただ 少な",
[LEXICON_QUANTITIES] =
    "ぞれ 各々 合計 二倍 半分 平均 いく 何個 割合 すべ より 二度 残り",
[LEXICON_COMPARISONS] =
    "比較 別の 他の 同じ 異な より 一つ 二つ 次の どち すべ",
[LEXICON_NEGATIONS] =
    "ない なし ませ いけ ずに 決し 誤り",
[LEXICON_STORY] =
    "彼は 彼女 彼ら 買い 言い 行き",
[LEXICON_MAKING] =
    "書い 設計 実装 関数 プロ コー アル 作成 デー サー クエ",
[LEXICON_ORDERS] =
    "書い 説明 列挙 述べ 示し 見つ 計算 比較 証明 設計 分析",
[LEXICON_REASONING] =
    "証明 説明 なぜ 分析 設計 比較 導出 最適 アル 矛盾 推論 反例 理由",
[LEXICON_CHORES] =
    "あり 挨拶 翻訳 こん 首都 何色 冗談 名前 題名 おは",
[LEXICON_LOOKUP] =
    "どこ 誰が いつ 誰で 何年 何色",
},
};
/* clang-format on */

const char *lexicon_words(enum lexicon_language language,
                          enum lexicon_list list)
{
    return lexicon[language][list];
}
