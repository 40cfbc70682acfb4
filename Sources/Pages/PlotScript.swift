/// The script of a page with plots: a line, the place and the values under a pointer or a finger.
///
/// Without it the page lacks nothing else. Arrow keys move the line of a plot that has the focus. Where the page
/// changes its size, as when a phone is turned, values go: they would stand beside their place, or make it wider.
enum PlotScript {
  static let text = """
    (()=>{const D=JSON.parse(document.getElementById('plots').textContent);
    const sums=(t,d)=>{let s=0;return t.split(',').map(v=>v===''?NaN:(s+=+v)/10**d)};
    const axis=a=>a.v??=a[0]==1?a[1].map((_,i)=>i):sums(a[1],a[2]??0);
    const name=(a,i)=>a[0]==1?a[1][i]:a[0]==0?new Date(axis(a)[i]*864e5).toISOString().slice(0,10):
    axis(a)[i].toFixed(a[2]).replace(/\\.?0+$/,'');
    const tip=document.createElement('div');tip.className='tip';tip.hidden=true;document.body.append(tip);
    document.querySelectorAll('.plot').forEach(e=>{const [n,low,high,digits,curves]=D.plots[e.dataset.p];
    const a=D.axes[n],rule=document.createElement('b');let at=-1;rule.hidden=true;e.append(rule);e.tabIndex=0;
    const hide=()=>{rule.hidden=tip.hidden=true};
    const show=i=>{const x=axis(a);at=Math.max(0,Math.min(x.length-1,i));const r=e.getBoundingClientRect();
    const s=(x[at]-low)/(high-low);rule.style.left=100*s+'%';tip.replaceChildren(name(a,at));
    curves.forEach(c=>{c.v??=sums(c[2],digits);const v=c.v[at];if(isNaN(v))return;
    const l=document.createElement('div'),k=document.createElement('i');k.style.background=c[1];k.dataset.c=c[1];
    l.append(k,c[0]+' ',Object.assign(document.createElement('b'),{textContent:v.toFixed(digits).replace('-','−')}));
    tip.append(l)});rule.hidden=tip.hidden=false;const w=tip.offsetWidth;
    tip.style.left=Math.max(4,Math.min(innerWidth-w-4,r.left+s*r.width+(s>.5?-w-12:12)))+scrollX+'px';
    tip.style.top=r.top+scrollY+8+'px'};
    e.addEventListener('pointermove',v=>{const r=e.getBoundingClientRect(),x=axis(a);
    const p=low+(v.clientX-r.left)/r.width*(high-low);let i=0,j=x.length-1;
    while(i<j){const m=i+j>>1;x[m]<p?i=m+1:j=m}if(i&&p-x[i-1]<x[i]-p)i--;show(i)});
    e.addEventListener('pointerleave',hide);e.addEventListener('blur',hide);addEventListener('resize',hide);
    e.addEventListener('keydown',v=>{const d={ArrowLeft:-1,ArrowRight:1}[v.key];if(d){v.preventDefault();
    show(at<0?axis(a).length-1:at+d)}else if(v.key=='Escape')hide()})})})()
    """
}
